// Blueprints compiled as `up` compiles them: with generated secrets, sealed for a key of their own.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import localFirst from "../../blueprints/local-first/platform.ts";
import { compile, type Phase } from "../../src/compiler/index.ts";
import { registry } from "../../src/components/index.ts";
import { invariant } from "../../src/core/index.ts";
import {
  readLock,
  type Compiled,
  type CompiledTarget,
  type Lock,
  type SealedValues,
} from "../../src/model/index.ts";
import {
  localSecrets,
  type SealingKey,
  type SecretValuesById,
} from "../../src/operations/index.ts";

/** When virtual clocks start. */
export const START = Date.UTC(2026, 0, 1);

/** Where the blueprint's engine reads from. */
export const REPOSITORY = "https://github.com/comind-ops/platform";

export interface CompiledBlueprint {
  readonly compiled: Compiled;
  /** Of the environments asked for, in that order. */
  readonly targets: readonly CompiledTarget[];
  readonly sealingKeys: ReadonlyMap<string, SealingKey>;
  readonly secretValues: ReadonlyMap<string, SecretValuesById>;
  /** The same platform after a change of its definition or its lock, under the same keys. */
  recompile(change: (definition: unknown) => unknown, lock?: Lock): Compiled;
  /** The same as far as it has come with a phase. */
  until(phase: Phase): Pick<CompiledBlueprint, "compiled" | "targets">;
}

export async function compileLocalFirst(
  environments: readonly string[],
  change: (definition: unknown) => unknown = (definition) => definition,
): Promise<CompiledBlueprint> {
  const source = change(structuredClone(localFirst));
  return compileForUp(source, await readBlueprintLock(), environments);
}

export async function compileForUp(
  definition: unknown,
  lock: Lock,
  environments: readonly string[],
): Promise<CompiledBlueprint> {
  const unsealed = compileOrFail(definition, lock, {});
  const sealed: Record<string, SealedValues> = {};
  const sealingKeys = new Map<string, SealingKey>();
  const secretValues = new Map<string, SecretValuesById>();
  const folder = await mkdtemp(join(tmpdir(), "keelson-secrets-"));
  for (const environment of environments) {
    const secrets = targetsOf(unsealed, environment).flatMap(({ cluster }) => cluster.secrets);
    const local = await localSecrets(folder, environment, secrets, START);
    sealed[environment] = local.sealed;
    sealingKeys.set(environment, local.sealingKey);
    secretValues.set(environment, local.values);
  }
  await rm(folder, { recursive: true });
  const compiled = compileOrFail(definition, lock, sealed);
  const targetsIn = (all: Compiled): CompiledTarget[] =>
    environments.flatMap((environment) => targetsOf(all, environment));
  return {
    compiled,
    targets: targetsIn(compiled),
    until: (phase) => {
      const begun = compileOrFail(definition, lock, sealed, phase);
      return { compiled: begun, targets: targetsIn(begun) };
    },
    sealingKeys,
    secretValues,
    recompile: (further, other = lock) =>
      compileOrFail(further(structuredClone(definition)), other, sealed),
  };
}

async function readBlueprintLock(): Promise<Lock> {
  const file = new URL("../../blueprints/local-first/keelson.lock", import.meta.url);
  const { value } = readLock(await readFile(file, "utf8"), "keelson.lock");
  invariant(value !== undefined, "the blueprint's lock can be read");
  return value;
}

function compileOrFail(
  source: unknown,
  lock: Lock,
  sealed: Readonly<Record<string, SealedValues>>,
  until?: Phase,
): Compiled {
  const phase = until === undefined ? {} : { until };
  const { value, diagnostics } = compile({
    definition: source,
    registry,
    lock,
    sealed,
    ...phase,
  });
  invariant(value !== undefined, `the blueprint compiles: ${JSON.stringify(diagnostics)}`);
  return value;
}

const targetsOf = ({ targets }: Compiled, environment: string): CompiledTarget[] =>
  targets.filter(({ cluster }) => cluster.environment === environment);

/** What the engine should deliver to a target: one name for every list file, and the cluster's own root. */
export function applicationNames({ tree }: Compiled, target: string): string[] {
  const listed = [...tree.keys()].flatMap((path) => {
    const [, folder, list, name] =
      /^clusters\/([^/]+)\/(applications|releases|charts)\/([^/]+)\.yaml$/.exec(path) ?? [];
    if (folder !== target) return [];
    return `${list === "charts" ? "chart-" : ""}${name}-${target}`;
  });
  const isOrdered = [...tree].some(
    ([path, text]) =>
      path.startsWith(`clusters/${target}/applications/`) && /^kind: Application$/m.test(text),
  );
  return [...listed, ...(isOrdered ? [`cluster-${target}`] : [])].toSorted();
}

/** Where the engines of these targets read from. */
export function repositoriesOf(targets: readonly CompiledTarget[]): ReadonlySet<string> {
  const choices = targets.flatMap(({ cluster }) =>
    cluster.slots.filter(({ slot }) => slot === "delivery"),
  );
  return new Set(
    choices.flatMap(({ options }) => {
      const { repository } = options as { readonly repository?: string };
      return repository ?? [];
    }),
  );
}
