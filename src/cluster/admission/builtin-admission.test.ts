// The smaller plug-ins, each by what it changes and what it refuses. Cases from the admission_test.go of each plug-in
// in kubernetes plugin/pkg/admission @v1.36.

import { describe, expect, it } from "vitest";

import type { KubernetesObject } from "../../kubernetes/index.ts";
import { admissionFixture, NAMESPACE, pod, refusal } from "./testing/admission-fixture.ts";
import type { AdmissionFixture } from "./testing/admission-fixture.ts";

type Fields = Readonly<Record<string, unknown>>;
const specOf = (object: KubernetesObject): Fields => object["spec"] as Fields;
const make = (
  apiVersion: string,
  kind: string,
  name: string,
  rest: Fields = {},
  metadata: Partial<KubernetesObject["metadata"]> = {},
): KubernetesObject => ({ apiVersion, kind, metadata: { name, ...metadata }, ...rest });

describe("DefaultIngressClass", () => {
  const asDefault = { annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } };
  const classNamed = (name: string, metadata = {}): KubernetesObject =>
    make(
      "networking.k8s.io/v1",
      "IngressClass",
      name,
      { spec: { controller: "e.com/c" } },
      metadata,
    );
  const ingress = (spec: Fields, annotations = {}): KubernetesObject => {
    const backend = { service: { name: "s", port: { number: 80 } } };
    const rest = { spec: { defaultBackend: backend, ...spec } };
    return make("networking.k8s.io/v1", "Ingress", "i", rest, {
      namespace: NAMESPACE,
      annotations,
    });
  };

  it.each([
    { name: "the default", object: ingress({}), chosen: "b" },
    { name: "its own", object: ingress({ ingressClassName: "own" }), chosen: "own" },
    {
      name: "its own in the old way",
      object: ingress({}, { "kubernetes.io/ingress.class": "own" }),
      chosen: undefined,
    },
  ])("an Ingress has $name", async ({ object, chosen }) => {
    const { api } = await admissionFixture();
    await api.create(classNamed("a"));
    await api.create(classNamed("b", asDefault));
    await api.create(classNamed("c", asDefault));
    expect(specOf(await api.create(object))["ingressClassName"]).toBe(chosen);
  });
});

describe("TaintNodesByCondition", () => {
  it("taints a new node once", async () => {
    const { api } = await admissionFixture();
    const taint = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };
    const other = { key: "a", effect: "NoExecute" };
    const taintsOf = async (name: string, taints: readonly object[]): Promise<unknown> =>
      specOf(await api.create(make("v1", "Node", name, { spec: { taints } })))["taints"];
    expect(await taintsOf("n", [])).toEqual([taint]);
    expect(await taintsOf("m", [other, taint])).toEqual([other, taint]);
  });
});

describe("RuntimeClass", () => {
  const withClass = async (): Promise<AdmissionFixture> => {
    const fixture = await admissionFixture();
    await fixture.api.create(
      make("node.k8s.io/v1", "RuntimeClass", "vm", {
        handler: "vm",
        overhead: { podFixed: { cpu: "100m" } },
        scheduling: {
          nodeSelector: { runtime: "vm" },
          tolerations: [{ key: "vm", operator: "Exists" }],
        },
      }),
    );
    return fixture;
  };

  it("adds overhead, selector and tolerations", async () => {
    const { api } = await withClass();
    const spec = specOf(await api.create(pod("p", { runtimeClassName: "vm" })));
    expect(spec["overhead"]).toEqual({ cpu: "100m" });
    expect(spec["nodeSelector"]).toEqual({ runtime: "vm" });
    expect(spec["tolerations"]).toContainEqual({ key: "vm", operator: "Exists" });
  });

  it.each([
    {
      name: "a class that is not there",
      spec: { runtimeClassName: "absent" },
      why: 'pod rejected: RuntimeClass "absent" not found',
    },
    {
      name: "another overhead",
      spec: { runtimeClassName: "vm", overhead: { cpu: "1" } },
      why: "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
    },
    {
      name: "overhead of its own",
      spec: { overhead: { cpu: "1" } },
      why: "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead",
    },
    {
      name: "other nodes",
      spec: { runtimeClassName: "vm", nodeSelector: { runtime: "runc" } },
      why: "conflict: runtimeClass.scheduling.nodeSelector[runtime] = vm; pod.spec.nodeSelector[runtime] = runc",
    },
  ])("refuses $name", async ({ spec, why }) => {
    const { api } = await withClass();
    expect(await refusal(api.create(pod("p", spec)))).toBe(`pods "p" is forbidden: ${why}`);
  });
});

describe("PersistentVolumeClaimResize", () => {
  const claim = (storageClassName: string): KubernetesObject => {
    const resources = { requests: { storage: "1Gi" } };
    const spec = { storageClassName, accessModes: ["ReadWriteOnce"], resources };
    return make("v1", "PersistentVolumeClaim", "c", { spec }, { namespace: NAMESPACE });
  };

  it.each([
    { allowVolumeExpansion: true, grows: true },
    { allowVolumeExpansion: false, grows: false },
  ])("a bound claim grows: $grows", async ({ allowVolumeExpansion, grows }) => {
    const { api } = await admissionFixture();
    const rest = { provisioner: "e.com/p", allowVolumeExpansion };
    await api.create(make("storage.k8s.io/v1", "StorageClass", "s", rest));
    const made = await api.create(claim("s"));
    await api.update({ ...made, status: { phase: "Bound" } }, { subresource: "status" });
    const body = { spec: { resources: { requests: { storage: "2Gi" } } } };
    const ref = { apiVersion: "v1", kind: made.kind, name: "c", namespace: NAMESPACE };
    const attempt = api.patch(ref, { type: "merge", body });
    if (grows) await attempt;
    else
      expect(await refusal(attempt)).toContain(
        "the storageclass that provisions the pvc must support resize",
      );
  });
});

describe("PodTopologyLabels", () => {
  it("gives a pod the zone of its node, bound or born there", async () => {
    const { api } = await admissionFixture();
    const labels = { "topology.kubernetes.io/zone": "z", other: "x" };
    await api.create(make("v1", "Node", "n", {}, { labels }));
    const born = await api.create(pod("born", { nodeName: "n" }));
    expect(born.metadata.labels).toEqual({ "topology.kubernetes.io/zone": "z" });
    await api.create(pod("bound"));
    const metadata = { namespace: NAMESPACE };
    const binding = make("v1", "Binding", "bound", { target: { name: "n" } }, metadata);
    await api.create(binding, { subresource: "binding" });
    const ref = { apiVersion: "v1", kind: "Pod", name: "bound", namespace: NAMESPACE };
    expect((await api.get(ref)).metadata.labels).toEqual(born.metadata.labels);
  });
});
