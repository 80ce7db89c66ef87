import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVirtualClock, formatPath } from "../core/index.ts";
import { statusError, type KubernetesObject, type ObjectRef } from "../kubernetes/index.ts";
import { summarize } from "./change-set.ts";
import { diffFields, hideSecretValues } from "./drift.ts";
import { inParallel } from "./in-parallel.ts";
import { formatInventory, identityOf, mergeRefs, removedRefs } from "./inventory.ts";
import { pruneOrder, pruneProtection } from "./prune.ts";
import { isPassing, withRetries } from "./retry.ts";
import { phaseOf, planSteps } from "./waves.ts";

const object = (apiVersion: string, kind: string, name: string, more: object = {}) =>
  ({ apiVersion, kind, metadata: { name }, ...more }) as KubernetesObject;
const annotated = (annotations: Record<string, string>): KubernetesObject =>
  object("v1", "ConfigMap", "x", { metadata: { name: "x", annotations } });

describe("phases", () => {
  it.each([
    ["apiextensions.k8s.io/v1", "CustomResourceDefinition", "definitions"],
    ["v1", "Namespace", "namespaces"],
    ["v1", "ResourceQuota", "policy"],
    ["networking.k8s.io/v1", "NetworkPolicy", "policy"],
    ["rbac.authorization.k8s.io/v1", "Role", "identity"],
    ["v1", "Secret", "config"],
    ["v1", "Service", "services"],
    ["apps/v1", "Deployment", "workloads"],
    ["autoscaling/v2", "HorizontalPodAutoscaler", "workloads"],
    ["networking.k8s.io/v1", "Ingress", "routing"],
    ["gateway.networking.k8s.io/v1", "HTTPRoute", "custom-resources"],
    ["postgresql.cnpg.io/v1", "Cluster", "custom-resources"],
    ["serving.knative.dev/v1", "Service", "custom-resources"],
    ["argoproj.io/v1alpha1", "AppProject", "custom-resources"],
    ["admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "interceptors"],
  ])("%s %s belongs to %s", (apiVersion, kind, phase) => {
    expect(phaseOf({ apiVersion, kind })).toBe(phase);
  });

  it("puts explicit waves before phases and keeps the order inside a step", () => {
    const objects = [
      object("apps/v1", "Deployment", "b"),
      object("apps/v1", "Deployment", "a"),
      object("v1", "Namespace", "shop"),
      { ...annotated({ wave: "-1" }), kind: "Secret" },
    ];
    const steps = planSteps(objects, ({ metadata }) => Number(metadata.annotations?.["wave"] ?? 0));
    expect(
      steps.map(({ wave, phase, objects: list }) => [
        wave,
        phase,
        list.map((one) => one.metadata.name),
      ]),
    ).toEqual([
      [-1, "config", ["x"]],
      [0, "namespaces", ["shop"]],
      [0, "workloads", ["b", "a"]],
    ]);
  });

  it("prunes custom resources before workloads before namespaces before definitions", () => {
    const refs: ObjectRef[] = [
      { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: "d" },
      { apiVersion: "v1", kind: "Namespace", name: "n" },
      { apiVersion: "apps/v1", kind: "Deployment", name: "w", namespace: "n" },
      { apiVersion: "argoproj.io/v1alpha1", kind: "Application", name: "a", namespace: "n" },
    ];
    expect(pruneOrder(refs).map((ref) => ref.name)).toEqual(["a", "w", "n", "d"]);
  });
});

it.each([
  [{}, undefined],
  [{ "keelson.dev/prune": "disabled" }, "keelson.dev/prune: disabled"],
  [{ "keelson.dev/prune": "enabled" }, undefined],
])("%j protects: %s", (annotations, reason) => {
  expect(pruneProtection(annotated(annotations as Record<string, string>))).toBe(reason);
});

describe("diffFields", () => {
  const deployment = (containers: readonly object[], more: object = {}): KubernetesObject =>
    object("apps/v1", "Deployment", "web", {
      spec: { template: { spec: { containers } } },
      ...more,
    });
  const paths = (before: KubernetesObject, after: KubernetesObject): string[] =>
    diffFields(before, after).map(({ path }) => formatPath(path));

  it.each<[string, KubernetesObject, KubernetesObject, string[]]>([
    ["nothing", deployment([]), deployment([]), []],
    [
      "what the server keeps",
      deployment([], { status: { replicas: 1 } }),
      deployment([], {
        metadata: { name: "web", resourceVersion: "7", generation: 2, managedFields: [] },
      }),
      [],
    ],
    [
      "a field of a named item, whatever its place",
      deployment([
        { name: "a", image: "1" },
        { name: "b", image: "1" },
      ]),
      deployment([
        { name: "b", image: "2" },
        { name: "a", image: "1" },
      ]),
      ["spec.template.spec.containers[name=b].image"],
    ],
    [
      "an added item",
      deployment([{ name: "a" }]),
      deployment([{ name: "sidecar" }, { name: "a" }]),
      ["spec.template.spec.containers[name=sidecar]"],
    ],
    [
      "unnamed items by place",
      deployment([{ x: 1 }]),
      deployment([{ x: 2 }, { x: 3 }]),
      ["spec.template.spec.containers[0].x", "spec.template.spec.containers[1]"],
    ],
    [
      "annotations",
      annotated({ a: "1", b: "1" }),
      annotated({ a: "2" }),
      ["metadata.annotations.a", "metadata.annotations.b"],
    ],
  ])("finds %s", (_, before, after, expected) => expect(paths(before, after)).toEqual(expected));

  it("says what was and what will be", () => {
    expect(diffFields(annotated({ a: "1" }), annotated({ b: "2" }))).toEqual([
      { path: ["metadata", "annotations", "a"], before: "1" },
      { path: ["metadata", "annotations", "b"], after: "2" },
    ]);
  });

  it("hides the values of secrets, not their labels", () => {
    const [before, after] = ["old", "new"].map((value) =>
      object("v1", "Secret", "s", {
        data: { password: value },
        metadata: { name: "s", labels: { value } },
      }),
    );
    if (!before || !after) throw new Error("two objects");
    const changes = hideSecretValues(before, diffFields(before, after));
    expect(JSON.stringify(changes.filter(({ path }) => path[0] === "data"))).not.toMatch(/old|new/);
    expect(changes.find(({ path }) => path[0] === "metadata")?.after).toBe("new");
  });
});

describe("inventory sets", () => {
  const ref = fc.record({
    apiVersion: fc.constantFrom("v1", "apps/v1", "apps/v1beta1"),
    kind: fc.constantFrom("A", "B"),
    name: fc.constantFrom("x", "system:y"),
    namespace: fc.constantFrom("n", undefined),
  });
  const refs = fc.array(ref, { maxLength: 8 });

  it("finds what was removed, and nothing that stays", () => {
    fc.assert(
      fc.property(refs, refs, (older, newer) => {
        const [wanted, removed] = [
          newer.map(identityOf),
          removedRefs(older, newer).map(identityOf),
        ];
        expect(removed.some((one) => wanted.includes(one))).toBe(false);
        expect(older.map(identityOf).every((one) => [...wanted, ...removed].includes(one))).toBe(
          true,
        );
        expect(removedRefs(newer, mergeRefs(older, newer))).toEqual([]);
        expect(formatInventory(mergeRefs(older, newer)).split("\n").length).toBeLessThanOrEqual(
          older.length + newer.length || 1,
        );
      }),
    );
  });

  it("does not prune an object that moved to another version", () => {
    const at = (apiVersion: string): ObjectRef => ({ apiVersion, kind: "Deployment", name: "web" });
    expect(removedRefs([at("apps/v1beta1")], [at("apps/v1")])).toEqual([]);
  });
});

describe("retries", () => {
  it.each([
    ["a conflict", statusError("Conflict", "changed"), true],
    ["a busy server", statusError("TooManyRequests", "later"), true],
    [
      "an unserved kind",
      statusError("NotFound", "the server could not find the requested resource"),
      true,
    ],
    [
      "an absent object",
      statusError("NotFound", "pods x not found", { name: "x", kind: "pods" }),
      false,
    ],
    ["a webhook that is not up", statusError("InternalError", 'failed calling webhook "x"'), true],
    ["a bug of the server", statusError("InternalError", "nil pointer"), false],
    ["an invalid object", statusError("Invalid", "no"), false],
    [
      "a field conflict",
      statusError("Conflict", "Apply failed", {
        causes: [{ reason: "FieldManagerConflict", message: "" }],
      }),
      false,
    ],
    ["a broken connection", new Error("ECONNRESET"), false],
  ])("%s passes: %s", (_, error, passes) => expect(isPassing(error)).toBe(passes));

  it("ends with the last refusal when patience does", async () => {
    const clock = createVirtualClock(0);
    let attempts = 0;
    const work = withRetries(
      () => {
        attempts += 1;
        return Promise.reject(statusError("Conflict", "changed"));
      },
      { clock, patienceMs: 1000 },
    );
    const refused = expect(work).rejects.toThrow("changed");
    await clock.advanceBy(10_000);
    await refused;
    expect(attempts).toBe(4);
  });
});

it("runs no more than the limit at once and keeps the order", async () => {
  let running = 0;
  let most = 0;
  const results = await inParallel([5, 1, 4, 2, 3], 2, async (item) => {
    most = Math.max(most, (running += 1));
    for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
    running -= 1;
    return item * 10;
  });
  expect([results, most]).toEqual([[50, 10, 40, 20, 30], 2]);
});

it("summarizes", () => {
  const ref: ObjectRef = { apiVersion: "v1", kind: "ConfigMap", name: "x" };
  const change = (outcome: "created" | "unchanged") => ({ ref, outcome });
  const changes = [change("unchanged"), change("created"), change("unchanged")];
  expect(summarize({ changes, failures: [] })).toBe("1 created, 2 unchanged");
  expect(summarize({ changes: [], failures: [] })).toBe("nothing to do");
});
