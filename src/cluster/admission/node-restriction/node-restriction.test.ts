// Cases transcribed from kubernetes plugin/pkg/admission/noderestriction/admission_test.go @v1.36.

import { describe, expect, it } from "vitest";

import type { KubeApi, KubernetesObject } from "../../../kubernetes/index.ts";
import { admissionFixture, NAMESPACE, pod, refusal } from "../testing/admission-fixture.ts";

const node = (name: string, metadata: Partial<KubernetesObject["metadata"]> = {}) => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, ...metadata },
});
const refTo = (name: string) => ({ apiVersion: "v1", kind: "Pod", name, namespace: NAMESPACE });

interface Fixture {
  readonly admin: KubeApi;
  /** As the node `mine`. */
  readonly api: KubeApi;
  readonly uid: string;
}

async function asNode(): Promise<Fixture> {
  const { api: admin, as } = await admissionFixture();
  const { metadata } = await admin.create(node("mine"));
  await admin.create(node("other"));
  await admin.create(pod("mine", { nodeName: "mine" }));
  await admin.create(pod("other", { nodeName: "other" }));
  const groups = ["system:nodes", "system:authenticated"];
  return { admin, api: as({ name: "system:node:mine", groups }), uid: metadata.uid ?? "" };
}

const ROWS: readonly {
  readonly name: string;
  readonly attempt: (fixture: Fixture) => Promise<unknown>;
  /** Undefined when it may. */
  readonly why: string | undefined;
}[] = [
  {
    name: "delete a pod of its own",
    attempt: ({ api }) => api.delete(refTo("mine")),
    why: undefined,
  },
  {
    name: "delete another's pod",
    attempt: ({ api }) => api.delete(refTo("other")),
    why: 'pods "other" is forbidden: node "mine" can only delete pods with spec.nodeName set to itself',
  },
  {
    name: "make an ordinary pod",
    attempt: ({ api }) => api.create(pod("p", { nodeName: "mine" })),
    why: 'pods "p" is forbidden: pod does not have "kubernetes.io/config.mirror" annotation, node "mine" can only create mirror pods',
  },
  {
    name: "make a mirror pod",
    attempt: ({ api, uid }) => {
      const owner = { apiVersion: "v1", kind: "Node", name: "mine", uid, controller: true };
      const annotations = { "kubernetes.io/config.mirror": "x" };
      const metadata = { annotations, ownerReferences: [owner] };
      return api.create(pod("p", { nodeName: "mine" }, metadata));
    },
    why: undefined,
  },
  {
    name: "write the status of its pod",
    attempt: async ({ api, admin }) => {
      const found = await admin.get(refTo("mine"));
      return api.update({ ...found, status: { phase: "Running" } }, { subresource: "status" });
    },
    why: undefined,
  },
  {
    name: "write the status of another's pod",
    attempt: async ({ api, admin }) => {
      const found = await admin.get(refTo("other"));
      return api.update({ ...found, status: { phase: "Running" } }, { subresource: "status" });
    },
    why: 'pods "other" is forbidden: node "mine" can only update pod status for pods with spec.nodeName set to itself',
  },
  {
    name: "evict another's pod",
    attempt: ({ api }) => {
      const metadata = { name: "other", namespace: NAMESPACE };
      const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata };
      return api.create(eviction, { subresource: "eviction" });
    },
    why: 'pods "other" is forbidden: node mine can only evict pods with spec.nodeName set to itself',
  },
  {
    name: "label itself with its zone",
    attempt: ({ api }) =>
      api.patch(
        { ...node("mine"), name: "mine" },
        { type: "merge", body: { metadata: { labels: { "topology.kubernetes.io/zone": "a" } } } },
      ),
    why: undefined,
  },
  {
    name: "label itself with a role",
    attempt: ({ api }) =>
      api.patch(
        { ...node("mine"), name: "mine" },
        { type: "merge", body: { metadata: { labels: { "node-role.kubernetes.io/x": "" } } } },
      ),
    why: 'nodes "mine" is forbidden: is not allowed to modify labels: node-role.kubernetes.io/x',
  },
  {
    name: "drop its taints",
    attempt: ({ api }) =>
      api.patch(
        { ...node("mine"), name: "mine" },
        { type: "merge", body: { spec: { taints: null } } },
      ),
    why: 'nodes "mine" is forbidden: node "mine" is not allowed to modify taints',
  },
  {
    name: "touch another node",
    attempt: ({ api }) =>
      api.patch(
        { ...node("other"), name: "other" },
        { type: "merge", body: { metadata: { labels: { a: "b" } } } },
      ),
    why: 'nodes "other" is forbidden: node "mine" is not allowed to modify node "other"',
  },
  {
    name: "ask for a token that is bound to nothing",
    attempt: ({ api }) => {
      const metadata = { name: "default", namespace: NAMESPACE };
      const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", metadata };
      return api.create({ ...request, spec: {} }, { subresource: "token" });
    },
    why: 'serviceaccounts "default" is forbidden: node requested token not bound to a pod',
  },
  {
    name: "hold the lease of another",
    attempt: async ({ api, admin }) => {
      const name = "kube-node-lease";
      await admin.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
      const metadata = { name: "other", namespace: name };
      return api.create({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata });
    },
    why: 'leases.coordination.k8s.io "other" is forbidden: can only access node lease with the same name as the requesting node',
  },
];

describe("a node may", () => {
  it.each(ROWS)("$name", async ({ attempt, why }) => {
    const fixture = await asNode();
    if (why === undefined) await attempt(fixture);
    else expect(await refusal(attempt(fixture))).toBe(why);
  });
});
