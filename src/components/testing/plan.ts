// A definition all the way to planned clusters and what every component emits for them, with the shipped registry and the
// catalogue's versions: what the tests of whole plans look at.

import type { Diagnostic } from "../../core/index.ts";
import { deriveGraph } from "../../graph/index.ts";
import type { Emission, EmitContext, Graph, PlannedCluster } from "../../model/index.ts";
import {
  intentsOf,
  parseDefinition,
  resolvePlan,
  SHIPPED_CATALOGUE,
  updateLock,
  type Lock,
} from "../../model/index.ts";
import { registry } from "../index.ts";

export interface PlannedEnvironment {
  readonly cluster: PlannedCluster;
  readonly graph: Graph;
  readonly diagnostics: readonly Diagnostic[];
}

/** The first cluster of an environment. Throws what was found when there is no plan. */
export function planEnvironment(definition: unknown, environment: string): PlannedEnvironment {
  const { lock, diagnostics: early } = lockFor(definition);
  const parsed = parseDefinition(definition, registry);
  if (parsed.value === undefined) throw new Error(describe(parsed.diagnostics));
  const plan = resolvePlan(parsed.value, environment, lock, registry);
  const [cluster] = plan.value?.clusters ?? [];
  if (cluster === undefined) throw new Error(describe(plan.diagnostics));
  const graph = deriveGraph(cluster);
  if (graph.value === undefined) throw new Error(describe(graph.diagnostics));
  const diagnostics = [...early, ...plan.diagnostics, ...graph.diagnostics];
  return { cluster, graph: graph.value, diagnostics };
}

/** What is found on the way to a plan, errors included. */
export function findings(definition: unknown, environment: string): readonly Diagnostic[] {
  const parsed = parseDefinition(definition, registry);
  if (parsed.value === undefined) return parsed.diagnostics;
  return resolvePlan(parsed.value, environment, lockFor(definition).lock, registry).diagnostics;
}

function lockFor(definition: unknown): {
  readonly lock: Lock | undefined;
  readonly diagnostics: readonly Diagnostic[];
} {
  const parsed = parseDefinition(definition, registry);
  if (parsed.value === undefined) return { lock: undefined, diagnostics: parsed.diagnostics };
  const updated = updateLock(parsed.value, SHIPPED_CATALOGUE, undefined, { move: "all" });
  return { lock: updated.value?.lock, diagnostics: updated.diagnostics };
}

function describe(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(({ code, message }) => `${code}: ${message}`).join("\n");
}

export interface ComponentEmission {
  readonly component: string;
  readonly emission: Emission;
}

/** Every chosen component's emission, undecorated, in the compiler's order. */
export function emissionsOf({ cluster, graph }: PlannedEnvironment): ComponentEmission[] {
  const context = (path: EmitContext["path"]): EmitContext => ({
    cluster,
    graph,
    path,
    sealed: sealedBlobs(cluster),
  });
  const slots = cluster.slots.map(({ slot, component, options, path }) => {
    const filler = registry.components.find(
      (one) => one.family === "slot" && one.slot === slot && one.name === component,
    );
    if (filler?.family !== "slot") throw new Error(`no ${slot} ${component}`);
    return { component, emission: filler.emit(context(path), options) };
  });
  const providers = cluster.providers.map(({ serves, component, options, path }) => {
    const provider = registry.components.find(
      (one) => one.family === "provider" && one.name === component,
    );
    if (provider?.family !== "provider") throw new Error(`no ${serves} provider ${component}`);
    const intents = intentsOf(cluster, serves);
    return { component, emission: provider.emit(context(path), intents, options) };
  });
  return [...slots, ...providers];
}

/** As if every value had been sealed. */
function sealedBlobs({ secrets }: PlannedCluster): EmitContext["sealed"] {
  return Object.fromEntries(
    secrets.map(({ id, namespaces, keys }) => [
      id,
      Object.fromEntries(
        namespaces.map((namespace) => [
          namespace,
          Object.fromEntries(keys.map(({ key }) => [key, `AgB${id}${namespace}${key}`])),
        ]),
      ),
    ]),
  );
}
