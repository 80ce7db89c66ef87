// The definition compiled for a laptop: with the secrets it asks for, sealed for the laptop's own key.

import { compile } from "../../compiler/index.ts";
import { registry } from "../../components/index.ts";
import { hasErrors, type Diagnostic, type InstantMs } from "../../core/index.ts";
import type { Compiled, CompiledTarget, SealedValues } from "../../model/index.ts";
import { localSecrets, type SealingKey } from "../../operations/index.ts";
import { UsageError } from "../usage-error.ts";
import { compilePlatform, type CompiledPlatform } from "../platform.ts";
import type { Terminal } from "../terminal.ts";
import type { UpOptions } from "../commands/up.ts";

export interface LocalPlatform {
  readonly platform: CompiledPlatform;
  /** All environments: the tree in git is the one every cluster syncs. */
  readonly compiled: Compiled;
  /** Those that run here, the hub first. */
  readonly targets: readonly CompiledTarget[];
  readonly sealingKeys: ReadonlyMap<string, SealingKey>;
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
  const platform = await compilePlatform(choice, terminal);
  const { compiled, lock } = platform;
  if (compiled === undefined || lock === undefined || hasErrors(platform.diagnostics))
    return { outcome: "failed", platform };
  requireEnvironments(options.env, compiled);
  const { sealed, sealingKeys } = await sealForLaptop(options.env, compiled, stateFolder, now);
  const again = compile({
    definition: platform.definition,
    registry,
    lock,
    sealed: { ...platform.sealed, ...sealed },
  });
  if (again.value === undefined)
    return { outcome: "failed", platform: { ...platform, diagnostics: again.diagnostics } };
  const targets = options.env.flatMap((name) => targetsOf(again.value ?? compiled, name));
  return {
    outcome: "compiled",
    local: {
      platform,
      compiled: again.value,
      targets,
      sealingKeys,
      diagnostics: again.diagnostics,
    },
  };
}

const targetsOf = ({ targets }: Compiled, environment: string): CompiledTarget[] =>
  targets.filter(({ cluster }) => cluster.environment === environment);

function requireEnvironments(names: readonly string[], compiled: Compiled): void {
  const known = [...new Set(compiled.targets.map(({ cluster }) => cluster.environment))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`there is no environment ${unknown}`, `choose from ${known.join(", ")}`);
}

interface Sealed {
  readonly sealed: Record<string, SealedValues>;
  readonly sealingKeys: Map<string, SealingKey>;
}

async function sealForLaptop(
  environments: readonly string[],
  compiled: Compiled,
  stateFolder: string,
  now: InstantMs,
): Promise<Sealed> {
  const result: Sealed = { sealed: {}, sealingKeys: new Map() };
  for (const environment of environments) {
    const secrets = targetsOf(compiled, environment).flatMap(({ cluster }) => cluster.secrets);
    const local = await localSecrets(stateFolder, environment, secrets, now);
    result.sealed[environment] = local.sealed;
    result.sealingKeys.set(environment, local.sealingKey);
  }
  return result;
}
