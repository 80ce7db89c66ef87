// Writes keelson.lock beside a definition and says what changed and what upstream is about to leave behind.

import { CHARTS, IMAGES } from "../catalog/index.ts";
import { registry } from "../components/index.ts";
import { hasErrors } from "../core/index.ts";
import type { LockChange, LockUpdate } from "../model/index.ts";
import { parseDefinition, SHIPPED_CATALOGUE, updateLock, writeLock } from "../model/index.ts";
import { displayPath, type DefinitionChoice } from "./definition/locate.ts";
import { withSpans } from "./definition/positions.ts";
import { count } from "./output/count.ts";
import { formatTable } from "./output/table.ts";
import { loadPlatform } from "./platform.ts";
import { printFindings } from "./print-findings.ts";
import type { Terminal } from "./terminal.ts";
import { writeWhole } from "./write-tree.ts";

interface LockRequest {
  readonly move: readonly string[] | "all";
  readonly apps: Readonly<Record<string, string>>;
  readonly dryRun: boolean;
}

/** True when the lock is as asked for. */
export async function updateLockFile(
  choice: DefinitionChoice,
  request: LockRequest,
  terminal: Terminal,
): Promise<boolean> {
  const { file, definition, lock, lockFile, sources, ...loaded } = await loadPlatform(
    choice,
    terminal,
  );
  const say = (found: typeof loaded.diagnostics): void =>
    printFindings(withSpans(found, file), sources, terminal);
  say(loaded.diagnostics);
  if (hasErrors(loaded.diagnostics)) return false;
  const parsed = parseDefinition(definition, registry);
  say(parsed.diagnostics);
  if (parsed.value === undefined) return false;
  const update = updateLock(parsed.value, SHIPPED_CATALOGUE, lock, request);
  say(update.diagnostics);
  if (update.value === undefined) return false;
  if (!request.dryRun) writeWhole(lockFile, writeLock(update.value.lock));
  terminal.out(describeUpdate(update.value, displayPath(lockFile, terminal.cwd), request.dryRun));
  return true;
}

function describeUpdate({ changes, lock }: LockUpdate, file: string, dryRun: boolean): string {
  const rows = changes.map(changeRow);
  const columns = ["NAME", "BEFORE", "AFTER"].map((header) => ({ header }));
  const table = rows.length === 0 ? "" : `${formatTable(columns, rows)}\n`;
  const ends = endOfLifeRows(lock);
  const ending =
    ends.length === 0
      ? ""
      : `${formatTable([{ header: "ENDS" }, { header: "NAME" }, { header: "NOTE" }], ends)}\n`;
  const would = dryRun ? " (dry run)" : "";
  const outcome = changes.length === 0 ? "unchanged" : count(changes.length, "change");
  return `${table}${ending}${file}: ${outcome}${would}\n`;
}

function changeRow({ section, name, before, after }: LockChange): string[] {
  const full = name === "" ? section : `${section}.${name}`;
  return [full, before ?? "<none>", after ?? "<none>"];
}

/** Pinned things whose upstream names an end, soonest first; only what the lock pins at the catalogue's version. */
function endOfLifeRows({ charts, images }: LockUpdate["lock"]): string[][] {
  const pinned = [
    ...Object.entries(CHARTS).filter(([name, { version }]) => charts[name]?.version === version),
    ...Object.entries(IMAGES).filter(([name, { tag }]) => images[name]?.includes(`:${tag}`)),
  ];
  return pinned
    .flatMap(([name, { endOfLife, note }]) =>
      endOfLife === undefined ? [] : [[endOfLife, name, note ?? ""]],
    )
    .toSorted(([a = ""], [b = ""]) => (a < b ? -1 : a > b ? 1 : 0));
}
