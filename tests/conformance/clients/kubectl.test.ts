// Stock kubectl of every minor version on this machine, as people type it, against what it printed when recorded
// (`kubectl/*.txt`). The newest goes through everything; the others through `core.txt` only, unless KEELSON_KUBECTL_WALK=full.
// What another version than RECORDED says differently is in `<script>.1.<minor>.txt`: those commands alone.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, it, type ExpectStatic } from "vitest";

import { findOnPath } from "../../../scripts/find-tool.ts";
import { printSkip } from "../../skip.ts";
import { findKubectls, type KubectlBinary } from "./kubectl-binaries.ts";
import { runTranscript } from "./run-transcript.ts";
import { formatStep, formatTranscript, parseTranscript } from "./transcript.ts";

const FOLDER = join(import.meta.dirname, "kubectl");
/** The version whose words are in the scripts themselves, and those that have been compared with it. */
const RECORDED = 33;
const COMPARED = { from: 27, to: 33 };

const found = await findKubectls();
const kubectls = found.filter(({ minor }) => minor >= COMPARED.from && minor <= COMPARED.to);
const [newest] = kubectls;
if (newest === undefined) {
  const versions = `1.${COMPARED.from} to 1.${COMPARED.to}`;
  printSkip("kubectl", `none of ${versions} on the PATH or beside it`);
}

/** Clients make the keys of their certificates with it. */
const hasOpenssl = findOnPath("openssl") !== undefined;
if (!hasOpenssl) printSkip("kubectl", "certificates.txt asks for openssl");

const scripts = readdirSync(FOLDER)
  .filter((name) => /^[a-z-]+\.txt$/.test(name))
  .filter((name) => hasOpenssl || name !== "certificates.txt");
const isFullWalk = process.env["KEELSON_KUBECTL_WALK"] === "full";
const walks = kubectls
  // The scripts are written first when they are written anew.
  .toSorted((a, b) => Number(b.minor === RECORDED) - Number(a.minor === RECORDED))
  .flatMap((kubectl) =>
    scripts
      .filter((script) => isFullWalk || kubectl === newest || script === "core.txt")
      .map((script) => ({ name: `1.${kubectl.minor} ${script}`, kubectl, script })),
  );

describe.skipIf(newest === undefined)("kubectl", () => {
  // Two at a time: kubectl waits, for a drain five seconds at a time, and each walk has a cluster of its own.
  it.concurrent.for(walks)("$name", { timeout: 180_000 }, ({ kubectl, script }, { expect }) =>
    walk(kubectl, script, expect),
  );
});

/** As recorded, or as recorded anew in this run: vitest writes the files when it is done. */
const texts = new Map(
  scripts.map((script) => [script, readFileSync(join(FOLDER, script), "utf8")] as const),
);

async function walk(kubectl: KubectlBinary, script: string, expect: ExpectStatic): Promise<void> {
  const file = join(FOLDER, script);
  const passages = parseTranscript(texts.get(script) ?? "");
  const results = await runTranscript(passages, kubectl);
  if (kubectl.minor === RECORDED) {
    const text = formatTranscript(passages, results);
    texts.set(script, text);
    return expect(text).toMatchFileSnapshot(file);
  }
  const differences = [...results]
    // Blank lines at the end are lost between two passages.
    .map(([{ command, recorded }, result]) => ({
      recorded: recorded.trimEnd(),
      said: formatStep(command, result).trimEnd(),
    }))
    .filter(({ recorded, said }) => said !== recorded)
    .map(({ said }) => said);
  await matchDifferences(expect, file.replace(/txt$/, `1.${kubectl.minor}.txt`), differences);
}

/** No difference is no file. */
function matchDifferences(
  expect: ExpectStatic,
  file: string,
  differences: readonly string[],
): Promise<void> {
  if (differences.length > 0)
    return expect(`${differences.join("\n\n")}\n`).toMatchFileSnapshot(file);
  expect(existsSync(file), `nothing differs any more: delete ${file}`).toBe(false);
  return Promise.resolve();
}
