// Random Kubernetes objects with the shapes that are hard to patch: keyed lists, nested keyed lists, empty maps, words that
// YAML 1.1 reads as something else, and custom resources whose lists are always whole.

import fc from "fast-check";

import type { Rng } from "../../../core/index.ts";
import { createRng, isRecord } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";

const name = fc.constantFrom("a", "b", "c", "d");
const value = fc.constantFrom("x", "y", "off", "1", "null", "");

const { map: anyMap } = fc.letrec<{ node: unknown; map: Record<string, unknown>; list: unknown[] }>(
  (tie) => ({
    node: fc.oneof(
      { depthSize: "small" },
      value,
      fc.integer({ min: 0, max: 3 }),
      fc.boolean(),
      tie("map"),
      tie("list"),
    ),
    map: fc.dictionary(name, tie("node"), { maxKeys: 3 }),
    list: fc.array(tie("node"), { maxLength: 3 }),
  }),
);

const env = fc.record({ name, value }, { requiredKeys: ["name"] });
const port = fc.record(
  { containerPort: fc.integer({ min: 1, max: 3 }), name },
  { requiredKeys: ["containerPort"] },
);
const mount = fc.record({ name, mountPath: fc.constantFrom("/a", "/b", "/c") });

const container = fc.record(
  {
    name,
    image: value,
    env: fc.uniqueArray(env, { maxLength: 4, selector: (entry) => entry.name }),
    args: fc.array(value, { maxLength: 2 }),
    ports: fc.uniqueArray(port, { maxLength: 2, selector: ({ containerPort }) => containerPort }),
    resources: fc.record(
      { limits: fc.dictionary(fc.constantFrom("cpu", "memory"), value) },
      { requiredKeys: [] },
    ),
    securityContext: fc.constantFrom({}, { privileged: false }, { runAsUser: 1 }),
    volumeMounts: fc.uniqueArray(mount, { maxLength: 3, selector: ({ mountPath }) => mountPath }),
  },
  { requiredKeys: ["name"] },
);

const constraint = fc.record({ topologyKey: name, maxSkew: fc.integer({ min: 1, max: 2 }) });
const volume = fc.record({ name, emptyDir: fc.constant({}) }, { requiredKeys: ["name"] });

const podSpec = fc.record(
  {
    containers: fc.uniqueArray(container, { maxLength: 3, selector: (entry) => entry.name }),
    volumes: fc.uniqueArray(volume, { maxLength: 3, selector: (entry) => entry.name }),
    tolerations: fc.array(fc.record({ key: name }), { maxLength: 2 }),
    topologySpreadConstraints: fc.uniqueArray(constraint, {
      maxLength: 2,
      selector: ({ topologyKey }) => topologyKey,
    }),
  },
  { requiredKeys: ["containers"] },
);

const deploymentSpec = fc.record(
  {
    replicas: fc.integer({ min: 1, max: 3 }),
    strategy: fc.constantFrom(
      { type: "Recreate" },
      { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } },
    ),
    template: fc.record({
      metadata: fc.record({ labels: fc.dictionary(name, value) }, { requiredKeys: [] }),
      spec: podSpec,
    }),
  },
  { requiredKeys: ["template"] },
);

type Part = Omit<KubernetesObject, "metadata">;

const deployment: fc.Arbitrary<Part> = deploymentSpec.map((spec) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  spec,
}));
const configMap: fc.Arbitrary<Part> = fc
  .dictionary(name, value)
  .map((data) => ({ apiVersion: "v1", kind: "ConfigMap", data }));
const custom: fc.Arbitrary<Part> = anyMap.map((spec) => ({
  apiVersion: "example.com/v1",
  kind: "Thing",
  spec,
}));

/** Three variants of one object, a little different from each other; `undefined` where a target does not have it. */
export const objectVariants: fc.Arbitrary<readonly (Part | undefined)[]> = fc
  .tuple(fc.oneof(deployment, deployment, configMap, custom), fc.string())
  .map(([part, seed]) => {
    const rng = createRng(seed);
    return [0, 1, 2].map(() =>
      // Changes leave apiVersion and kind alone.
      rng.next() < 0.1 ? undefined : { ...part, ...(changed(withoutKind(part), rng) as object) },
    ) as (Part | undefined)[];
  });

function withoutKind({ apiVersion: _version, kind: _kind, ...fields }: Part): unknown {
  return fields;
}

/** Leaves changed or gone here and there; keys of list items stay, so that lists can still be matched. */
function changed(value: unknown, rng: Rng, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => changed(item, rng));
  if (!isRecord(value)) return rng.next() < 0.15 && !KEYS.has(key) ? "changed" : value;
  const kept = Object.entries(value).filter(
    ([name, member]) => KEYS.has(name) || isRecord(member) || rng.next() > 0.05,
  );
  return Object.fromEntries(kept.map(([name, member]) => [name, changed(member, rng, name)]));
}

const KEYS = new Set(["name", "containerPort", "mountPath", "topologyKey", "containers"]);
