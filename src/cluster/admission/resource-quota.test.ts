import { describe, expect, it } from "vitest";

import type { KubernetesObject } from "../../kubernetes/index.ts";
import { isForbidden } from "../../kubernetes/index.ts";
import { admissionFixture, NAMESPACE, pod, refusal } from "./testing/admission-fixture.ts";
import type { AdmissionFixture } from "./testing/admission-fixture.ts";

/** A quota whose controller has counted already. */
async function withQuota(
  { api }: AdmissionFixture,
  hard: Readonly<Record<string, string>>,
): Promise<void> {
  const quota = {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "q", namespace: NAMESPACE },
    spec: { hard },
  };
  const made = await api.create(quota);
  const used = Object.fromEntries(Object.keys(hard).map((name) => [name, "0"]));
  await api.update({ ...made, status: { hard, used } }, { subresource: "status" });
}

const readQuota = ({ api }: AdmissionFixture): Promise<KubernetesObject> =>
  api.get({ apiVersion: "v1", kind: "ResourceQuota", name: "q", namespace: NAMESPACE });
const used = async (fixture: AdmissionFixture): Promise<unknown> =>
  ((await readQuota(fixture))["status"] as { readonly used: unknown }).used;

describe("the plug-in ResourceQuota", () => {
  it("lets no more through than fits, however many come at once", async () => {
    const fixture = await admissionFixture();
    await withQuota(fixture, { pods: "3" });
    const attempts = Array.from({ length: 10 }, (_, index) =>
      fixture.api.create(pod(`p-${index}`)),
    );
    const results = await Promise.allSettled(attempts);
    const refused = results.filter(
      (result) => result.status === "rejected" && isForbidden(result.reason),
    );
    expect(refused).toHaveLength(7);
    expect(await used(fixture)).toEqual({ pods: "3" });
  });

  it("names the generated name in its refusal", async () => {
    const fixture = await admissionFixture();
    await withQuota(fixture, { pods: "0" });
    const { name: _name, ...metadata } = { ...pod("x").metadata, generateName: "web-" };
    const generated = { ...pod("x"), metadata } as KubernetesObject;
    expect(await refusal(fixture.api.create(generated))).toMatch(
      /^pods "web-[a-z0-9]{5}" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0$/,
    );
  });

  it("checks a dry run and charges it nothing", async () => {
    const fixture = await admissionFixture();
    await withQuota(fixture, { pods: "1" });
    await fixture.api.create(pod("p"), { dryRun: true });
    expect(await used(fixture)).toEqual({ pods: "0" });
    await fixture.api.create(pod("p"));
    expect(await refusal(fixture.api.create(pod("q"), { dryRun: true }))).toContain("exceeded");
  });

  it("charges what an update adds", async () => {
    const fixture = await admissionFixture();
    await withQuota(fixture, { services: "1", "services.nodeports": "1" });
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s", namespace: NAMESPACE },
      spec: { ports: [{ port: 80 }] },
    };
    await fixture.api.create(service);
    const ref = { apiVersion: "v1", kind: "Service", name: "s", namespace: NAMESPACE };
    await fixture.api.patch(ref, { type: "merge", body: { spec: { type: "NodePort" } } });
    expect(await used(fixture)).toEqual({ services: "1", "services.nodeports": "1" });
  });

  it("writes as the server itself", async () => {
    const fixture = await admissionFixture();
    await withQuota(fixture, { "count/secrets": "2" });
    const metadata = { name: "s", namespace: NAMESPACE };
    await fixture.api.create({ apiVersion: "v1", kind: "Secret", metadata });
    const managers = (await readQuota(fixture)).metadata.managedFields ?? [];
    const own = managers.filter(({ manager }) => manager === "kube-apiserver");
    expect(own.map(({ subresource }) => subresource)).toEqual(["status"]);
  });
});
