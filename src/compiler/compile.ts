// The whole compiler on one screen. Pure: values in, values and diagnostics out; no clock, no network, no disk.

import type { Diagnostic } from "../core/index.ts";
import { hasErrors, sortDiagnostics } from "../core/index.ts";
import { deriveGraph } from "../graph/index.ts";
import type {
  Compiled,
  Graph,
  Lock,
  Outcome,
  ParsedDefinition,
  Plan,
  PlannedCluster,
  Registry,
  SealedValues,
} from "../model/index.ts";
import { checkPins, parseDefinition, resolvePlan } from "../model/index.ts";
import { unknownEnvironment } from "./diagnostics.ts";
import { layOut } from "./layout/layout.ts";
import { decorate } from "./stages/decorate.ts";
import type { EmitInput } from "./stages/emit.ts";
import { emit } from "./stages/emit.ts";
import { upTo, type Phase } from "./stages/phases.ts";
import { deliver, provenance, type Marked } from "./stages/provenance.ts";

export interface CompileInput {
  /** As a person wrote it; any value gives diagnostics, never a throw. */
  readonly definition: unknown;
  readonly registry: Registry;
  readonly lock: Lock | undefined;
  /** By environment. */
  readonly sealed: Readonly<Record<string, SealedValues>>;
  /** Names; all when left out. */
  readonly environments?: readonly string[];
  /** What comes later is not handed over. Default: everything is. */
  readonly until?: Phase;
}

/** `value` is there exactly when nothing is an error. */
export function compile(input: CompileInput): Outcome<Compiled> {
  const diagnostics: Diagnostic[] = [];
  const collect: Collect = (outcome) => {
    diagnostics.push(...outcome.diagnostics);
    return outcome.value;
  };
  const value = runStages(input, collect);
  const found = sortDiagnostics(diagnostics);
  return value === undefined || hasErrors(found)
    ? { diagnostics: found }
    : { value, diagnostics: found };
}

/** The first two stages alone: what every cluster will have, before anything is emitted. `value` as for `compile`. */
export function planClusters(
  input: Omit<CompileInput, "sealed">,
): Outcome<readonly PlannedCluster[]> {
  const diagnostics: Diagnostic[] = [];
  const planned = runPlanStages(input, (outcome) => {
    diagnostics.push(...outcome.diagnostics);
    return outcome.value;
  });
  const found = sortDiagnostics(diagnostics);
  return planned === undefined || hasErrors(found)
    ? { diagnostics: found }
    : { value: planned.plans.flatMap(({ clusters }) => clusters), diagnostics: found };
}

type Collect = <T>(outcome: Outcome<T>) => T | undefined;

function runPlanStages(
  input: Omit<CompileInput, "sealed">,
  collect: Collect,
): { readonly definition: ParsedDefinition; readonly plans: readonly Plan[] } | undefined {
  // 1. parse: an untrusted value becomes a definition.
  const definition = collect(parseDefinition(input.definition, input.registry));
  if (definition === undefined) return undefined;
  // 2. resolve: each environment becomes a plan, each of its clusters a target.
  const plans = environmentsOf(definition, input, collect).flatMap(
    (name) => collect(resolvePlan(definition, name, input.lock, input.registry)) ?? [],
  );
  return { definition, plans };
}

function runStages(input: CompileInput, collect: Collect): Compiled | undefined {
  const planned = runPlanStages(input, collect);
  if (planned === undefined) return undefined;
  const { definition, plans } = planned;
  const targets = plans.flatMap((plan) => {
    const whole = plan.clusters.flatMap((cluster) => {
      // 3. graph: who talks to whom, before anything is emitted.
      const graph = collect(deriveGraph(cluster));
      if (graph === undefined) return [];
      const own = { ...plan, originOf: plan.originIn(cluster.name) };
      return compileTarget({ plan: own, cluster, graph }, definition, input, collect) ?? [];
    });
    const marked = input.until === undefined ? whole : whole.map(upToPhase(input.until, input));
    // 7. deliver: an engine is told of all of it, and of what the environment's other clusters get.
    return marked.flatMap((one) => {
      const others = marked.filter((other) => other !== one);
      return collect(deliver(one, others)) ?? [];
    });
  });
  // Versions somebody asked for have to be pinned.
  collect({ diagnostics: checkPins(plans.flatMap(({ clusters }) => clusters)) });
  // 8. lay out: objects become files, shared between targets where they agree.
  const tree = collect(layOut(definition.name, targets, definition.packaging, definition.layout));
  return tree && { platform: definition.name, packaging: definition.packaging, targets, tree };
}

const upToPhase =
  (phase: Phase, { registry }: CompileInput) =>
  (marked: Marked): Marked => ({ ...marked, parts: upTo(marked.parts, phase, registry) });

function compileTarget(
  planned: { readonly plan: Plan; readonly cluster: PlannedCluster; readonly graph: Graph },
  definition: ParsedDefinition,
  { registry, sealed }: CompileInput,
  collect: Collect,
): Marked | undefined {
  const { environment, name } = planned.cluster;
  const context: EmitInput = {
    ...planned,
    registry,
    sealed: sealed[environment] ?? {},
    packaging: definition.packaging,
    substrate: definition.clusters.get(name),
  };
  // 4. emit: every component in use writes its objects, charts and files.
  const emitted = emit(context);
  // 5. decorate: components change what others wrote, one owner for every field.
  const decorated = collect(decorate(emitted, context));
  // 6. provenance: labels, origins and one order.
  return decorated && provenance(decorated, context);
}

function environmentsOf(
  { environments }: ParsedDefinition,
  { environments: wanted }: Pick<CompileInput, "environments">,
  collect: Collect,
): readonly string[] {
  const known = [...environments.keys()];
  if (wanted === undefined) return known;
  const unknown = wanted.filter((name) => !environments.has(name));
  collect({
    diagnostics: unknown.map((name) => unknownEnvironment(["environments"], { name, known })),
  });
  return known.filter((name) => wanted.includes(name));
}
