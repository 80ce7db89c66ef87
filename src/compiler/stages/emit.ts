// Asks every chosen component what it emits: the substrate, then the slots in their order, then the providers of intents.

import type { Path } from "../../core/index.ts";
import { invariant } from "../../core/index.ts";
import type {
  AnyProvider,
  AnySlotFiller,
  ChartRelease,
  EmitContext,
  Emission,
  EmittedFile,
  EmittedObject,
  Graph,
  Packaging,
  ParsedCluster,
  Plan,
  PlannedCluster,
  ProviderKey,
  Registry,
  SealedValues,
} from "../../model/index.ts";
import { intentsOf } from "../../model/index.ts";

export interface EmitInput {
  readonly plan: Plan;
  readonly cluster: PlannedCluster;
  readonly graph: Graph;
  readonly registry: Registry;
  readonly sealed: SealedValues;
  readonly packaging: Packaging;
  /** What the cluster is made of; some substrates write files of their own. */
  readonly substrate: ParsedCluster | undefined;
}

/** Everything one cluster gets, each piece with the component that emitted it. */
export interface Emitted {
  readonly objects: readonly (EmittedObject & { readonly component: string })[];
  readonly charts: readonly (ChartRelease & { readonly component: string })[];
  readonly files: readonly EmittedFile[];
}

/** One component as this cluster uses it. */
interface Use {
  readonly component: string;
  readonly emission: Emission;
}

export function emit(input: EmitInput): Emitted {
  const uses = [...fromSubstrate(input), ...fromSlots(input), ...fromProviders(input)];
  return {
    objects: uses.flatMap(({ component, emission }) =>
      (emission.objects ?? []).map((object) => ({ ...object, component })),
    ),
    charts: uses.flatMap(({ component, emission }) =>
      (emission.charts ?? []).map((chart) => ({ ...chart, component })),
    ),
    files: uses.flatMap(({ emission }) => emission.files ?? []),
  };
}

/** What a component sees while it emits or decorates. */
export function emitContext(
  { cluster, graph, sealed }: Pick<EmitInput, "cluster" | "graph" | "sealed">,
  path: Path,
): EmitContext {
  return { cluster, graph, sealed, path };
}

/** The filler a slot choice names. The plan only holds names the registry knows. */
export function slotFiller(registry: Registry, slot: string, name: string): AnySlotFiller {
  const found = registry.components.find(
    (component): component is AnySlotFiller =>
      component.family === "slot" && component.slot === slot && component.name === name,
  );
  invariant(found, `the plan names ${slot} ${name}, which the registry does not know`);
  return found;
}

function fromSlots(input: EmitInput): Use[] {
  return input.cluster.slots.map(({ slot, component, options, path }) => ({
    component,
    emission: slotFiller(input.registry, slot, component).emit(emitContext(input, path), options),
  }));
}

function fromProviders(input: EmitInput): Use[] {
  return input.cluster.providers.flatMap(({ serves, component, options, path }) => {
    const intents = intentsOf(input.cluster, serves);
    if (intents.length === 0) return [];
    const provider = providerOf(input.registry, serves, component);
    return [{ component, emission: provider.emit(emitContext(input, path), intents, options) }];
  });
}

function providerOf(registry: Registry, serves: ProviderKey, name: string): AnyProvider {
  const found = registry.components.find(
    (component): component is AnyProvider =>
      component.family === "provider" && component.serves === serves && component.name === name,
  );
  invariant(found, `the plan names ${serves} provider ${name}, which the registry does not know`);
  return found;
}

function fromSubstrate(input: EmitInput): Use[] {
  if (input.substrate?.component.emit === undefined) return [];
  const { component, options, path } = input.substrate;
  const emission = component.emit?.(emitContext(input, path), options) ?? {};
  return [{ component: component.name, emission }];
}
