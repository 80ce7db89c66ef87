import { expect, test } from "vitest";
import { isNotFound } from "../../kubernetes/index.ts";
import { SECRET, SERVICE_ACCOUNT } from "./namespace-kinds.ts";
import { startTestCluster } from "./testing/test-cluster.ts";

const secret = (account: string) => ({
  ...SECRET,
  metadata: {
    name: "s",
    namespace: "default",
    annotations: { "kubernetes.io/service-account.name": account },
  },
  type: "kubernetes.io/service-account-token",
});
const robot = { ...SERVICE_ACCOUNT, metadata: { name: "robot", namespace: "default" } };
const text = (base64 = ""): string => Buffer.from(base64, "base64").toString();

test("a token Secret is filled with what a client needs, and ends with its account", async () => {
  const { api, cluster, clock, get } = await startTestCluster({ controllers: { rootCa: "PEM" } });
  const account = await api.create(robot);
  await api.create(secret("robot"));
  await clock.settle();
  const { data = {}, metadata } = await get(SECRET, "s");
  expect(metadata.annotations?.["kubernetes.io/service-account.uid"]).toBe(account.metadata.uid);
  expect([text(data["ca.crt"]), text(data["namespace"])]).toEqual(["PEM", "default"]);
  const token = text(data["token"]);
  const name = "system:serviceaccount:default:robot";
  expect(cluster.context.tokens.authenticate(token)?.name).toBe(name);
  await api.delete({ ...robot, ...robot.metadata });
  await clock.settle();
  await expect(get(SECRET, "s")).rejects.toSatisfy(isNotFound);
  expect(cluster.context.tokens.authenticate(token)).toBeUndefined();
});

test("a token ends with its Secret; a Secret of nobody goes", async () => {
  const { api, cluster, clock, get } = await startTestCluster();
  await api.create(robot);
  await api.create(secret("robot"));
  await clock.settle();
  const token = text((await get(SECRET, "s")).data?.["token"]);
  await api.delete({ ...SECRET, name: "s", namespace: "default" });
  expect(cluster.context.tokens.authenticate(token)).toBeUndefined();
  await api.create(secret("nobody"));
  await clock.settle();
  await expect(get(SECRET, "s")).rejects.toSatisfy(isNotFound);
});
