// Seals what an environment's secrets still lack and writes the file that is committed with the definition.

import { X509Certificate, type KeyObject } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { parse as parseYaml } from "yaml";

import { formatYaml } from "../compiler/index.ts";
import { count, isRecord, sortKeys } from "../core/index.ts";
import type { PlannedSecret, SealedValues } from "../model/index.ts";
import {
  mergeSealed,
  planSealing,
  sealSecrets,
  type SealingPlan,
  type SecretValues,
  mergeSecrets,
} from "../operations/index.ts";
import type { SealOptions } from "./commands/seal.ts";
import { SEALED_FOLDER } from "./definition/sealed-files.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { compilePlatform } from "./platform.ts";
import { printFindings } from "./print-findings.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

export async function sealInto(options: SealOptions, terminal: Terminal): Promise<ExitCode> {
  const platform = await compilePlatform({ ...options, env: [options.env] }, terminal);
  const { compiled, diagnostics, sources, file } = platform;
  if (compiled === undefined) {
    printFindings(diagnostics, sources, terminal);
    return EXIT.failed;
  }
  const secrets = mergeSecrets(compiled.targets.flatMap(({ cluster }) => cluster.secrets));
  const again = requireKnown(options.again ?? [], secrets);
  const sealed = platform.sealed[options.env] ?? {};
  const publicKey = readCertificate(resolve(terminal.cwd, options.cert));
  const plan = await planSealing({
    secrets,
    sealed,
    again,
    given: readValues(options.values, terminal.cwd),
  });
  const path = join(file.folder, SEALED_FOLDER, `${options.env}.yaml`);
  if (options.dryRun !== true && plan.ready.length > 0) {
    writeSealed(path, mergeSealed(sealed, await sealSecrets(plan.ready, publicKey)));
  }
  terminal.out(describe(plan, `${SEALED_FOLDER}/${options.env}.yaml`, options.dryRun === true));
  return plan.waiting.length === 0 ? EXIT.ok : EXIT.failed;
}

function requireKnown(
  ids: readonly string[],
  secrets: readonly PlannedSecret[],
): ReadonlySet<string> {
  const known = secrets.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined)
    throw new UsageError(`there is no secret ${unknown}`, `choose from ${known.join(", ")}`);
  return new Set(ids);
}

function readCertificate(path: string): KeyObject {
  try {
    return new X509Certificate(readFileSync(path)).publicKey;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT")
      throw new UsageError(`there is no file ${path}`);
    throw new UsageError(
      `${path} holds no certificate`,
      "kubeseal --fetch-cert prints the right one",
    );
  }
}

/** Read from a file or a pipe, never from arguments: those end up in histories and process lists. */
function readValues(
  source: string | undefined,
  cwd: string,
): Readonly<Record<string, SecretValues>> {
  if (source === undefined) return {};
  const value: unknown = parseYaml(readFileSync(source === "-" ? 0 : resolve(cwd, source), "utf8"));
  if (isSecretValues(value)) return value;
  throw new UsageError(
    `${source} is not a mapping of secrets to keys to texts`,
    'write databases.orders: { password: "…" }',
  );
}

function isSecretValues(value: unknown): value is Readonly<Record<string, SecretValues>> {
  return (
    isRecord(value) &&
    Object.values(value).every(
      (keys) => isRecord(keys) && Object.values(keys).every((text) => typeof text === "string"),
    )
  );
}

const HEADER = [
  "Sealed for this environment's controller; nobody else can read it. Made by: keelson seal",
];

function writeSealed(path: string, sealed: SealedValues): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, formatYaml(sortKeys(sealed), { header: HEADER }));
  renameSync(`${path}.new`, path);
}

function describe(
  { ready, unchanged, waiting }: SealingPlan,
  file: string,
  dryRun: boolean,
): string {
  const totals = `${file}: ${count(ready.length, "secret")} sealed, ${unchanged.length} unchanged${dryRun ? " (dry run)" : ""}\n`;
  if (waiting.length === 0) return totals;
  const lines = waiting.flatMap(({ secret, missing }) =>
    missing.map(({ key, description }) => `  ${secret.id}  ${key}  ${description}\n`),
  );
  return `${totals}\nonly you know, or can decide:\n${lines.join("")}\ngive them with --values FILE, as ${waiting[0]?.secret.id}: { ${waiting[0]?.missing[0]?.key}: "…" }\n`;
}
