// Histories of applies and updates: what the object holds and who owns what after every step.
// The expectations follow the server-side apply documentation and recorded answers of a real API server.

import { describe, expect, it } from "vitest";
import { createRng, createVirtualClock } from "../../../core/index.ts";
import { isConflict, StatusError } from "../../../kubernetes/index.ts";
import type { KubeApi, KubernetesObject } from "../../../kubernetes/index.ts";
import { createCluster } from "../../cluster.ts";
import { formatFieldPath, members } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Step {
  /** `apply one`, `force two`, `update me`, with the body beside it. */
  readonly by: string;
  readonly body: Fields;
  readonly subresource?: string;
  /** Fields in conflict, when the step is refused. */
  readonly conflicts?: readonly string[];
  /** What the object holds under `show` afterwards. */
  readonly holds?: unknown;
  /** Manager → the fields it owns, as conflicts print them. */
  readonly owners?: Readonly<Record<string, readonly string[]>>;
}

interface History {
  readonly name: string;
  readonly kind: "ConfigMap" | "Deployment";
  readonly show: (object: KubernetesObject) => unknown;
  readonly steps: readonly Step[];
}

const data = (object: KubernetesObject): unknown => object["data"];
const podSpec = (object: KubernetesObject): Fields => {
  const spec = object["spec"] as { template: { spec: Fields } };
  return spec.template.spec;
};
const images = (object: KubernetesObject): readonly string[] =>
  (podSpec(object)["containers"] as { name: string; image: string }[]).map(
    ({ name, image }) => `${name}=${image}`,
  );

function deploymentWith(containers: readonly Fields[], rest: Fields = {}): Fields {
  return {
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: "d" } },
      template: { metadata: { labels: { app: "d" } }, spec: { containers } },
      ...rest,
    },
  };
}

const patchContainers = (...containers: readonly Fields[]): Fields => ({
  spec: { template: { spec: { containers } } },
});

const HISTORIES: readonly History[] = [
  {
    name: "a manager that stops sending a field removes it",
    kind: "ConfigMap",
    show: data,
    steps: [
      {
        by: "apply one",
        body: { data: { a: "1", b: "2" } },
        owners: { one: [".data.a", ".data.b"] },
      },
      {
        by: "apply one",
        body: { data: { a: "1" } },
        holds: { a: "1" },
        owners: { one: [".data.a"] },
      },
    ],
  },
  {
    name: "a shared field stays until the last owner drops it",
    kind: "ConfigMap",
    show: data,
    steps: [
      { by: "apply one", body: { data: { a: "1" } } },
      { by: "apply two", body: { data: { a: "1", b: "2" } } },
      {
        by: "apply one",
        body: { data: {} },
        holds: { a: "1", b: "2" },
        owners: { one: [".data"], two: [".data.a", ".data.b"] },
      },
      { by: "apply two", body: { data: { b: "2" } }, holds: { b: "2" } },
    ],
  },
  {
    name: "another value is a conflict, force takes the field over",
    kind: "ConfigMap",
    show: data,
    steps: [
      { by: "apply one", body: { data: { a: "1", b: "1" } } },
      { by: "apply two", body: { data: { a: "2" } }, conflicts: [".data.a"] },
      {
        by: "force two",
        body: { data: { a: "2" } },
        holds: { a: "2", b: "1" },
        owners: { one: [".data.b"], two: [".data.a"] },
      },
      { by: "apply one", body: { data: { a: "1", b: "1" } }, conflicts: [".data.a"] },
    ],
  },
  {
    name: "an update takes what it changes",
    kind: "ConfigMap",
    show: data,
    steps: [
      { by: "apply one", body: { data: { a: "1", b: "1" } } },
      {
        by: "update me",
        body: { data: { a: "2" } },
        owners: { one: [".data.b"], me: [".data.a"] },
      },
      { by: "apply one", body: { data: { a: "1", b: "1" } }, conflicts: [".data.a"] },
      {
        by: "apply one",
        body: { data: { a: "2", b: "1" } },
        owners: { one: [".data.a", ".data.b"], me: [".data.a"] },
      },
    ],
  },
  {
    name: "an update that removes a field takes it from everybody",
    kind: "ConfigMap",
    show: data,
    steps: [
      { by: "apply one", body: { data: { a: "1", b: "1" } } },
      {
        by: "update me",
        body: { data: { a: null } },
        holds: { b: "1" },
        owners: { one: [".data.b"] },
      },
    ],
  },
  {
    name: "items of keyed lists have owners of their own",
    kind: "Deployment",
    show: images,
    steps: [
      { by: "apply one", body: deploymentWith([{ name: "c", image: "i:1" }]), holds: ["c=i:1"] },
      {
        by: "apply two",
        body: patchContainers(
          { name: "c", env: [{ name: "B", value: "2" }] },
          { name: "side", image: "s:1" },
        ),
        holds: ["c=i:1", "side=s:1"],
      },
      {
        by: "apply two",
        body: patchContainers({ name: "side", image: "s:2" }),
        holds: ["c=i:1", "side=s:2"],
      },
      { by: "apply two", body: { spec: {} }, holds: ["c=i:1"] },
    ],
  },
  {
    name: "applied items come in the applied order, the others keep their place",
    kind: "Deployment",
    show: images,
    steps: [
      {
        by: "apply one",
        body: deploymentWith([
          { name: "a", image: "1" },
          { name: "b", image: "1" },
          { name: "c", image: "1" },
        ]),
      },
      {
        by: "apply two",
        body: patchContainers(
          { name: "x", image: "1" },
          { name: "b", image: "1" },
          { name: "y", image: "1" },
        ),
        holds: ["a=1", "x=1", "b=1", "c=1", "y=1"],
      },
    ],
  },
];

async function take(api: KubeApi, { kind }: History, step: Step): Promise<KubernetesObject> {
  const [verb = "", manager = ""] = step.by.split(" ");
  const apiVersion = kind === "ConfigMap" ? "v1" : "apps/v1";
  const metadata = { name: "x", namespace: "default" };
  const object = { apiVersion, kind, metadata, ...step.body };
  const options = { fieldManager: manager, subresource: step.subresource };
  if (verb === "update") {
    return api.patch(
      { apiVersion, kind, ...metadata },
      { type: "merge", body: step.body },
      options,
    );
  }
  return api.apply(object, { ...options, force: verb === "force" });
}

function ownersOf({ metadata }: KubernetesObject): Record<string, readonly string[]> {
  const entries = metadata.managedFields ?? [];
  // FieldsV1 is a field set as it stands.
  return Object.fromEntries(
    entries.map((entry) => [
      entry.manager,
      members(entry.fieldsV1 as FieldSet).map((path) => formatFieldPath(path)),
    ]),
  );
}

describe("apply histories", () => {
  it.each(HISTORIES)("$name", async (history) => {
    const clock = createVirtualClock(Date.parse("2026-01-01T00:00:00Z"));
    const { api } = createCluster({ name: "history", clock, rng: createRng("1") });
    for (const step of history.steps) {
      if (step.conflicts !== undefined) {
        const error = await take(api, history, step).catch((reason: unknown) => reason);
        expect(error).toSatisfy(isConflict);
        const causes = error instanceof StatusError ? error.status.details?.causes : [];
        expect(causes?.map(({ field }) => field)).toEqual(step.conflicts);
        continue;
      }
      const object = await take(api, history, step);
      if (step.holds !== undefined) expect(history.show(object)).toEqual(step.holds);
      if (step.owners !== undefined) expect(ownersOf(object)).toMatchObject(step.owners);
    }
  });

  it.each(HISTORIES)(
    "applying the last step of a history again changes nothing: $name",
    async (history) => {
      const clock = createVirtualClock(Date.parse("2026-01-01T00:00:00Z"));
      const { api } = createCluster({ name: "history", clock, rng: createRng("1") });
      const steps = history.steps.filter(({ conflicts }) => conflicts === undefined);
      let last: KubernetesObject | undefined;
      for (const step of steps) last = await take(api, history, step);
      const again = await take(api, history, steps.at(-1) ?? { by: "apply one", body: {} });
      expect(again.metadata.resourceVersion).toBe(last?.metadata.resourceVersion);
    },
  );
});
