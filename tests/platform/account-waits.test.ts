import { expect, it } from "vitest";

import { startVirtualCluster } from "../../src/cluster/index.ts";
import { hasCome, parseAccountWait } from "./account-waits.ts";

it.each([
  { name: "a stand-in's account that came", labels: { "keelson.dev/simulated": "true" }, is: true },
  { name: "one that never comes", labels: { "keelson.dev/simulated": "true" }, is: false },
  { name: "one that came late to somebody else", labels: {}, is: false },
])("waiting for $name is fine: $is", async ({ name, labels, is }) => {
  const errors: string[] = [];
  const onError = (_controller: string, _key: string, error: unknown): void =>
    void errors.push(String(error));
  const cluster = await startVirtualCluster({ onError });
  await cluster.api.create({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "sessions", namespace: "default", labels },
    spec: {
      serviceName: "sessions",
      selector: { matchLabels: { app: "sessions" } },
      template: {
        metadata: { labels: { app: "sessions" } },
        spec: { serviceAccountName: "keeper", containers: [{ name: "c", image: "i:1" }] },
      },
    },
  });
  await cluster.clock.settle();
  const [said = ""] = errors;
  const wait = parseAccountWait(said);
  expect(wait).toMatchObject({ namespace: "default", account: "keeper" });
  if (!name.includes("never")) {
    const account = { apiVersion: "v1", kind: "ServiceAccount" };
    await cluster.api.create({ ...account, metadata: { name: "keeper", namespace: "default" } });
  }
  expect(wait && hasCome(wait, [{ cluster }])).toBe(is);
  await cluster.stop();
});

it("other errors are nobody's wait", () => {
  expect(parseAccountWait('pods "a" is forbidden: exceeded quota')).toBeUndefined();
});
