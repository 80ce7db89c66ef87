// The same platform under every way to deliver it: everything arrives, runs well, and is the same on the cluster whoever brought
// it there.

import { describe, expect, it } from "vitest";

import { isDelivered, type FollowResult } from "../../../src/delivery/index.ts";
import type { KubernetesObject } from "../../../src/kubernetes/index.ts";
import { compileLocalFirst, REPOSITORY } from "../../platform/compiled-blueprint.ts";
import { bootVirtually, deliverAll } from "../../platform/virtual-platform.ts";

/** What stands in the delivery slot. */
const ENGINES: readonly { readonly name: string; readonly delivery: unknown }[] = [
  { name: "Argo CD", delivery: { kind: "argocd", repository: REPOSITORY } },
  {
    name: "Argo CD as a monitor of what is pushed",
    delivery: { kind: "argocd", repository: REPOSITORY, role: "monitor" },
  },
  { name: "Flux", delivery: { kind: "flux", repository: REPOSITORY } },
  { name: "nobody but whoever pushes", delivery: undefined },
];

interface Outcome {
  readonly result: FollowResult;
  readonly errors: readonly string[];
  /** `kind namespace/name` → spec, of the workloads that are not the engine's own. */
  readonly workloads: Readonly<Record<string, unknown>>;
}

const blueprint = await compileLocalFirst(["dev"]);

async function deliveredBy(delivery: unknown): Promise<Outcome> {
  const compiled = blueprint.recompile((definition) => {
    const { delivery: _delivery, ...rest } = definition as Record<string, unknown>;
    return delivery === undefined ? rest : { ...rest, delivery };
  });
  const targets = compiled.targets.filter(({ cluster }) => cluster.environment === "dev");
  const world = await bootVirtually({ ...blueprint, compiled, targets }, "engines");
  try {
    // A monitor hears of what it did not write at its next reconciliation only, two to three minutes later.
    const result = await deliverAll(world, world.platform.expected, { timeoutMs: 400_000 });
    return { result, errors: world.errors(), workloads: await workloadsOf(world.api) };
  } finally {
    world.stop();
  }
}

const KINDS = ["Deployment", "StatefulSet"] as const;

async function workloadsOf(
  api: Awaited<ReturnType<typeof bootVirtually>>["api"],
): Promise<Record<string, unknown>> {
  const lists = await Promise.all(KINDS.map((kind) => api.list({ apiVersion: "apps/v1", kind })));
  const own = lists.flatMap(({ items }) => items).filter(isPlatforms);
  return Object.fromEntries(
    own.map(({ kind, metadata, spec }) => [
      `${kind} ${metadata.namespace}/${metadata.name}`,
      (spec as { readonly template?: { readonly spec?: unknown } }).template?.spec,
    ]),
  );
}

const ENGINE_NAMESPACES: ReadonlySet<string> = new Set(["argocd", "flux-system"]);
const isPlatforms = ({ metadata }: KubernetesObject): boolean =>
  !ENGINE_NAMESPACES.has(metadata.namespace ?? "");

const outcomes = await Promise.all(
  ENGINES.map(async ({ name, delivery }) => ({ name, ...(await deliveredBy(delivery)) })),
);

describe.each(outcomes)("delivered by $name", ({ result, errors, workloads }) => {
  it("everything arrives and is healthy", () => {
    expect(result.applications.filter((state) => !isDelivered(state))).toEqual([]);
    expect(result.outcome).toBe("healthy");
    expect(errors).toEqual([]);
  });

  it("runs what it runs under any other engine", () => {
    expect(Object.keys(workloads).length).toBeGreaterThan(5);
    expect(workloads).toEqual(outcomes[0]?.workloads);
  });
});
