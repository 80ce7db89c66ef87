// Cases transcribed from kubernetes plugin/pkg/admission/serviceaccount/admission_test.go @v1.36.

import { describe, expect, it } from "vitest";

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import {
  account,
  admissionFixture,
  NAMESPACE,
  pod,
  refusal,
} from "../testing/admission-fixture.ts";

const MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

interface Spec {
  readonly serviceAccountName?: string;
  readonly volumes?: readonly { readonly name: string }[];
  readonly containers: readonly { readonly volumeMounts?: readonly { readonly name: string }[] }[];
  readonly initContainers?: Spec["containers"];
  readonly imagePullSecrets?: unknown;
}
const specOf = (object: KubernetesObject): Spec => object["spec"] as Spec;
const secretEnv = (name: string) => [
  { name: "E", valueFrom: { secretKeyRef: { name, key: "k" } } },
];

describe("the plug-in ServiceAccount", () => {
  it("assigns the default account and mounts its token everywhere", async () => {
    const { api } = await admissionFixture();
    const initContainers = [{ name: "i", image: "x" }];
    const spec = specOf(await api.create(pod("p", { initContainers })));
    expect(spec.serviceAccountName).toBe("default");
    const [volume] = spec.volumes ?? [];
    expect(volume?.name).toMatch(/^kube-api-access-[a-z0-9]{5}$/);
    const mounts = [...spec.containers, ...(spec.initContainers ?? [])].map(
      ({ volumeMounts = [] }) => volumeMounts,
    );
    const mount = { name: volume?.name, readOnly: true, mountPath: MOUNT };
    expect(mounts).toEqual([[mount], [mount]]);
  });

  it("leaves a container alone that mounts something there", async () => {
    const { api } = await admissionFixture();
    const volumeMounts = [{ name: "own", mountPath: MOUNT }];
    const containers = [{ name: "c", image: "x", volumeMounts }];
    const spec = specOf(
      await api.create(pod("p", { containers, volumes: [{ name: "own", emptyDir: {} }] })),
    );
    expect(spec.volumes).toHaveLength(1);
    expect(spec.containers[0]?.volumeMounts).toHaveLength(1);
  });

  it("uses a token volume that is there", async () => {
    const { api } = await admissionFixture();
    const volumes = [{ name: "kube-api-access-12345", emptyDir: {} }];
    const spec = specOf(await api.create(pod("p", { volumes })));
    expect(spec.volumes).toHaveLength(1);
    expect(spec.containers[0]?.volumeMounts?.[0]?.name).toBe("kube-api-access-12345");
  });

  it.each([
    { name: "the pod says no", ofPod: false, ofAccount: true, mounted: false },
    { name: "the account says no", ofPod: undefined, ofAccount: false, mounted: false },
    { name: "the pod's word comes first", ofPod: true, ofAccount: false, mounted: true },
  ])("automount: $name", async ({ ofPod, ofAccount, mounted }) => {
    const { api } = await admissionFixture();
    await api.create(account("a", { automountServiceAccountToken: ofAccount }));
    const own = ofPod === undefined ? {} : { automountServiceAccountToken: ofPod };
    const spec = specOf(await api.create(pod("p", { serviceAccountName: "a", ...own })));
    expect((spec.volumes ?? []).length === 1).toBe(mounted);
  });

  it("gives the account's pull secrets to a pod without its own", async () => {
    const { api } = await admissionFixture();
    await api.create(account("a", { imagePullSecrets: [{ name: "s" }, { name: "t" }] }));
    const inherited = await api.create(pod("p", { serviceAccountName: "a" }));
    expect(specOf(inherited).imagePullSecrets).toEqual([{ name: "s" }, { name: "t" }]);
    const imagePullSecrets = [{ name: "own" }];
    const own = await api.create(pod("q", { serviceAccountName: "a", imagePullSecrets }));
    expect(specOf(own).imagePullSecrets).toEqual(imagePullSecrets);
  });

  it("refuses an account that is not there, at once", async () => {
    const { api } = await admissionFixture();
    expect(await refusal(api.create(pod("p", { serviceAccountName: "absent" })))).toBe(
      `pods "p" is forbidden: error looking up service account ${NAMESPACE}/absent: serviceaccount "absent" not found`,
    );
  });

  it("waits a while for the default account", async () => {
    const { api, clock } = await admissionFixture();
    const ref = { apiVersion: "v1", kind: "ServiceAccount", name: "default", namespace: NAMESPACE };
    await api.delete(ref);
    const refused = refusal(api.create(pod("p")));
    await clock.advanceBy(2000);
    expect(await refused).toContain(`serviceaccount "default" not found`);
    const made = api.create(pod("p"));
    await clock.advanceBy(500);
    await api.create(account("default"));
    expect(specOf(await made).serviceAccountName).toBe("default");
  });

  const mirror = { annotations: { "kubernetes.io/config.mirror": "true" } };
  it.each([
    { name: "nothing", spec: {}, why: undefined },
    {
      name: "an account",
      spec: { serviceAccountName: "default" },
      why: "a mirror pod may not reference service accounts",
    },
    {
      name: "a secret",
      spec: { volumes: [{ name: "v", secret: { secretName: "s" } }] },
      why: "a mirror pod may not reference secrets",
    },
    {
      name: "a secret in its environment",
      spec: { containers: [{ name: "c", image: "x", env: secretEnv("s") }] },
      why: "a mirror pod may not reference secrets",
    },
    {
      name: "a token",
      spec: {
        volumes: [
          { name: "v", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } },
        ],
      },
      why: "a mirror pod may not use ServiceAccountToken volume projections",
    },
  ])("a mirror pod may have: $name", async ({ spec, why }) => {
    const { api } = await admissionFixture();
    const attempt = api.create(pod("p", { nodeName: "n", ...spec }, mirror));
    if (why === undefined) expect(specOf(await attempt).volumes).toBeUndefined();
    else expect(await refusal(attempt)).toBe(`pods "p" is forbidden: ${why}`);
  });

  it.each([
    {
      name: "a listed secret",
      spec: { volumes: [{ name: "v", secret: { secretName: "s" } }] },
      why: undefined,
    },
    {
      name: "a volume",
      spec: { volumes: [{ name: "v", secret: { secretName: "other" } }] },
      why: 'volume with secret.secretName="other" is not allowed because service account a does not reference that secret',
    },
    {
      name: "an init container",
      spec: { initContainers: [{ name: "i", image: "x", env: secretEnv("other") }] },
      why: 'init container i with envVar E referencing secret.secretName="other" is not allowed because service account a does not reference that secret',
    },
    {
      name: "a container",
      spec: { containers: [{ name: "c", image: "x", env: secretEnv("other") }] },
      why: 'container c with envVar E referencing secret.secretName="other" is not allowed because service account a does not reference that secret',
    },
    {
      name: "a pull secret",
      spec: { imagePullSecrets: [{ name: "pull" }, { name: "other" }] },
      why: 'imagePullSecrets[1].name="other" is not allowed because service account a does not reference that imagePullSecret',
    },
  ])("an account that lists its secrets and $name", async ({ spec, why }) => {
    const { api } = await admissionFixture();
    const lists = { secrets: [{ name: "s" }], imagePullSecrets: [{ name: "pull" }] };
    await api.create(account("a", lists, { "kubernetes.io/enforce-mountable-secrets": "true" }));
    const attempt = api.create(pod("p", { serviceAccountName: "a", ...spec }));
    if (why === undefined) await attempt;
    else expect(await refusal(attempt)).toBe(`pods "p" is forbidden: ${why}`);
  });
});
