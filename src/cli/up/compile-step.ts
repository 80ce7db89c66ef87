// The definition compiled for a laptop: with the secrets it asks for, sealed for the laptop's own key.

import { planClusters } from "../../compiler/index.ts";
import { registry } from "../../components/index.ts";
import { hasErrors, type Diagnostic, type InstantMs } from "../../core/index.ts";
import type { Compiled, CompiledTarget, PlannedCluster, SealedValues } from "../../model/index.ts";
import { localSecrets, type SealingKey, type SecretValuesById } from "../../operations/index.ts";
import { UsageError } from "../usage-error.ts";
import { compileLoaded, loadPlatform, type CompiledPlatform } from "../platform.ts";
import type { Terminal } from "../terminal.ts";
import type { UpOptions } from "../commands/up.ts";

export interface LocalPlatform {
  readonly platform: CompiledPlatform;
  /** All environments: the tree in git is the one every cluster syncs. */
  readonly compiled: Compiled;
  /** Those that run here, the hub first. */
  readonly targets: readonly CompiledTarget[];
  /** The same without an end before the last phase: what the checks look at. */
  readonly whole: Pick<LocalPlatform, "compiled" | "targets">;
  readonly sealingKeys: ReadonlyMap<string, SealingKey>;
  /** Environment → what its secrets hold here, by id. */
  readonly secretValues: ReadonlyMap<string, SecretValuesById>;
  readonly diagnostics: readonly Diagnostic[];
}

export type CompileStep =
  | { readonly outcome: "compiled"; readonly local: LocalPlatform }
  | { readonly outcome: "failed"; readonly platform: CompiledPlatform };

export async function compileForLaptop(
  options: UpOptions,
  stateFolder: string,
  now: InstantMs,
  terminal: Terminal,
): Promise<CompileStep> {
  const { env: _env, ...choice } = options;
  const loaded = await loadPlatform(choice, terminal);
  const planned = hasErrors(loaded.diagnostics) ? undefined : planClusters({ ...loaded, registry });
  // What is wrong with a plan is told together with what is wrong besides.
  if (planned?.value === undefined) return { outcome: "failed", platform: compileLoaded(loaded) };
  requireEnvironments(options.env, planned.value);
  const { sealed, ...secrets } = await sealForLaptop(options.env, planned.value, stateFolder, now);
  const withSecrets = { ...loaded, sealed: { ...loaded.sealed, ...sealed } };
  const platform = compileLoaded(withSecrets);
  const { compiled, diagnostics } = platform;
  if (compiled === undefined || platform.lock === undefined || hasErrors(diagnostics))
    return { outcome: "failed", platform };
  const begun =
    options.phase === undefined
      ? compiled
      : (compileLoaded(withSecrets, undefined, options.phase).compiled ?? compiled);
  const targetsIn = (all: Compiled): readonly CompiledTarget[] =>
    options.env.flatMap((name) =>
      all.targets.filter(({ cluster }) => cluster.environment === name),
    );
  const whole = { compiled, targets: targetsIn(compiled) };
  const targets = targetsIn(begun);
  return {
    outcome: "compiled",
    local: { platform, compiled: begun, targets, whole, ...secrets, diagnostics },
  };
}

function requireEnvironments(names: readonly string[], clusters: readonly PlannedCluster[]): void {
  const known = [...new Set(clusters.map(({ environment }) => environment))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`there is no environment ${unknown}`, `choose from ${known.join(", ")}`);
}

interface Sealed {
  readonly sealed: Record<string, SealedValues>;
  readonly sealingKeys: Map<string, SealingKey>;
  readonly secretValues: Map<string, SecretValuesById>;
}

async function sealForLaptop(
  environments: readonly string[],
  clusters: readonly PlannedCluster[],
  stateFolder: string,
  now: InstantMs,
): Promise<Sealed> {
  const result: Sealed = { sealed: {}, sealingKeys: new Map(), secretValues: new Map() };
  for (const environment of environments) {
    const secrets = clusters
      .filter((cluster) => cluster.environment === environment)
      .flatMap((cluster) => cluster.secrets);
    const local = await localSecrets(stateFolder, environment, secrets, now);
    result.sealed[environment] = local.sealed;
    result.sealingKeys.set(environment, local.sealingKey);
    result.secretValues.set(environment, local.values);
  }
  return result;
}
