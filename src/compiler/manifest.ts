// What the compiler wrote into a folder, and what a new tree means for it. A file a person changed is never overwritten
// without a word: it stays where the definition wants nothing new in it, and is a conflict where it does.

import type { Diagnostic } from "../core/index.ts";
import { isRecord } from "../core/index.ts";
import type { Tree } from "../model/index.ts";
import { editedFile, foreignFile, keptFile, otherEnvironments } from "./diagnostics.ts";

/** Where the manifest lies in an output folder. */
export const MANIFEST_FILE = ".keelson/manifest.json";

export interface Manifest {
  /** `keelson 0.1.0`. */
  readonly generator: string;
  readonly environments: readonly string[];
  /** Path → sha256 of the bytes last generated. */
  readonly files: Readonly<Record<string, string>>;
  /** Present while files are being written: what an interrupted run may already have put there. */
  readonly pending?: Readonly<Record<string, string>>;
}

export type WriteOutcome = "created" | "updated" | "unchanged" | "kept" | "deleted" | "conflict";

export interface WriteAction {
  readonly path: string;
  readonly outcome: WriteOutcome;
}

export interface WritePlan {
  /** Sorted by path. */
  readonly actions: readonly WriteAction[];
  readonly diagnostics: readonly Diagnostic[];
  /** To be written before the first file … */
  readonly started: Manifest;
  /** … and after the last. */
  readonly finished: Manifest;
}

export interface WriteInput {
  readonly tree: Tree;
  readonly generator: string;
  readonly environments: readonly string[];
  readonly manifest: Manifest | undefined;
  /** Path → sha256 of what is there now, for every path of the tree and of the manifest that exists. */
  readonly current: ReadonlyMap<string, string>;
  /** Hexadecimal, over the text's UTF-8 bytes. */
  readonly sha256: (text: string) => string;
  /** A conflict becomes an update. */
  readonly overwrite?: boolean;
}

export function planWrite(input: WriteInput): WritePlan {
  const { tree, manifest, generator, environments, sha256 } = input;
  const hashes = new Map([...tree].map(([path, text]) => [path, sha256(text)]));
  const paths = new Set([...hashes.keys(), ...ownPaths(manifest)]);
  const actions = [...paths]
    .toSorted()
    .map((path): WriteAction => ({ path, outcome: outcomeOf(path, hashes.get(path), input) }));
  const files = Object.fromEntries(hashes);
  const known = manifest?.files ?? {};
  return {
    actions,
    diagnostics: [
      ...missingEnvironments(input),
      ...actions.flatMap((action) => warn(action, known)),
    ],
    started: { generator, environments, files: known, pending: files },
    finished: { generator, environments, files },
  };
}

/** Undefined when the text is no manifest. */
export function parseManifest(text: string): Manifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || !isRecord(value["files"]) || !Array.isArray(value["environments"])) {
    return undefined;
  }
  const { generator, environments, files, pending } = value;
  return {
    generator: String(generator),
    environments: environments.map(String),
    files: textsIn(files),
    ...(isRecord(pending) ? { pending: textsIn(pending) } : {}),
  };
}

function textsIn(record: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, String(value)]));
}

/** Paths a manifest speaks of. */
export function ownPaths(manifest: Manifest | undefined): string[] {
  return Object.keys({ ...manifest?.files, ...manifest?.pending });
}

function outcomeOf(path: string, wanted: string | undefined, input: WriteInput): WriteOutcome {
  const current = input.current.get(path);
  const own = [input.manifest?.files[path], input.manifest?.pending?.[path]];
  if (current === wanted) return "unchanged";
  if (current === undefined) return "created";
  const replaced = wanted === undefined ? "deleted" : "updated";
  if (own.includes(current) || input.overwrite === true) return replaced;
  return wanted !== undefined && own.includes(wanted) ? "kept" : "conflict";
}

function warn({ path, outcome }: WriteAction, known: Manifest["files"]): readonly Diagnostic[] {
  if (outcome === "kept") return [keptFile([], { file: path })];
  if (outcome !== "conflict") return [];
  return [(Object.hasOwn(known, path) ? editedFile : foreignFile)([], { file: path })];
}

function missingEnvironments({ manifest, environments, overwrite }: WriteInput): Diagnostic[] {
  const found = manifest?.environments ?? [];
  const missing = found.filter((name) => !environments.includes(name));
  // Leaving some out is meant only when all that are left were there before: `--env` on a folder of several.
  const narrowed = environments.length > 0 && environments.every((name) => found.includes(name));
  if (missing.length === 0 || !narrowed || overwrite === true) return [];
  return [otherEnvironments([], { found, missing })];
}
