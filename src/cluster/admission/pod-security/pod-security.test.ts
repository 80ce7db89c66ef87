import { describe, expect, it } from "vitest";

import { isInvalid } from "../../../kubernetes/index.ts";
import { admissionFixture, NAMESPACE, pod, refusal } from "../testing/admission-fixture.ts";

const RESTRICTED =
  'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")';
const HARDENED = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containers: [
    {
      name: "c",
      image: "x",
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    },
  ],
};
const label = (mode: string, level: string) => ({ [`pod-security.kubernetes.io/${mode}`]: level });
const namespace = { apiVersion: "v1", kind: "Namespace", name: NAMESPACE };
const labelled = (labels: object) => ({ type: "merge" as const, body: { metadata: { labels } } });

describe("the plug-in PodSecurity", () => {
  it("refuses what its namespace does not allow, and nothing else", async () => {
    const { api, warnings } = await admissionFixture({
      ...label("enforce", "restricted"),
      ...label("warn", "restricted"),
    });
    expect(await refusal(api.create(pod("p")))).toBe(
      `pods "p" is forbidden: violates PodSecurity "restricted:latest": ${RESTRICTED}`,
    );
    await api.create(pod("p", HARDENED));
    expect(warnings).toEqual([]);
  });

  it("warns about pods and about the workloads that would make them", async () => {
    const { api, warnings } = await admissionFixture(label("warn", "restricted"));
    await api.create(pod("p"));
    const template = { metadata: { labels: { app: "d" } }, spec: pod("p")["spec"] };
    const selector = { matchLabels: { app: "d" } };
    const metadata = { name: "d", namespace: NAMESPACE };
    const spec = { selector, template };
    await api.create({ apiVersion: "apps/v1", kind: "Deployment", metadata, spec });
    const warning = `would violate PodSecurity "restricted:latest": ${RESTRICTED}`;
    expect(warnings).toEqual([warning, warning]);
  });

  it("judges a pod again only when it changes in what matters", async () => {
    const { api } = await admissionFixture();
    await api.create(pod("p"));
    await api.patch(namespace, labelled(label("enforce", "restricted")));
    const ref = { apiVersion: "v1", kind: "Pod", name: "p", namespace: NAMESPACE };
    await api.patch(ref, labelled({ a: "b" }));
    const containers = [{ name: "c", image: "other" }];
    const change = { type: "strategic" as const, body: { spec: { containers } } };
    expect(await refusal(api.patch(ref, change))).toContain("violates PodSecurity");
  });

  it("tells which pods a stricter level would refuse", async () => {
    const { api, warnings } = await admissionFixture();
    for (const name of ["b", "a", "c"]) await api.create(pod(name));
    await api.create(pod("host", { hostNetwork: true }));
    await api.patch(namespace, labelled(label("enforce", "restricted")));
    const reasons =
      "allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile";
    expect(warnings).toEqual([
      `existing pods in namespace "${NAMESPACE}" violate the new PodSecurity enforce level "restricted:latest"`,
      `a (and 2 other pods): ${reasons}`,
      `host: host namespaces, ${reasons}`,
    ]);
  });

  it("says nothing about a level that is relaxed", async () => {
    const { api, warnings } = await admissionFixture(label("enforce", "baseline"));
    await api.create(pod("p"));
    await api.patch(namespace, labelled(label("enforce", "privileged")));
    expect(warnings).toEqual([]);
  });

  it("refuses labels that make no sense, unless they were there", async () => {
    const { api } = await admissionFixture();
    const attempt = api.patch(namespace, labelled(label("enforce", "strict")));
    await expect(attempt).rejects.toSatisfy(isInvalid);
    expect(await refusal(api.patch(namespace, labelled(label("enforce", "strict"))))).toBe(
      `Namespace "${NAMESPACE}" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted`,
    );
  });
});
