// Writes keelson.lock beside a definition and says what changed and what upstream is about to leave behind.

import { CHARTS, IMAGES } from "../catalog/index.ts";
import type { ChartFacts, ImageFacts } from "../catalog/index.ts";
import { compile } from "../compiler/index.ts";
import { registry } from "../components/index.ts";
import { count, hasErrors } from "../core/index.ts";
import type { Lock, LockChange, LockUpdate } from "../model/index.ts";
import { parseDefinition, SHIPPED_CATALOGUE, updateLock, writeLock } from "../model/index.ts";
import { displayPath, type DefinitionChoice } from "./definition/locate.ts";
import { withSpans } from "./definition/positions.ts";
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
  const used = usedPins(definition, update.value.lock);
  terminal.out(
    describeUpdate(update.value, used, displayPath(lockFile, terminal.cwd), request.dryRun),
  );
  return true;
}

function describeUpdate(
  { changes }: LockUpdate,
  used: ReadonlySet<string>,
  file: string,
  dryRun: boolean,
): string {
  const rows = changes.map(changeRow);
  const columns = ["NAME", "BEFORE", "AFTER"].map((header) => ({ header }));
  const table = rows.length === 0 ? "" : `${formatTable(columns, rows)}\n`;
  const ends = endOfLifeRows(used);
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

/** What the platform uses and upstream names an end of, soonest first. */
function endOfLifeRows(used: ReadonlySet<string>): string[][] {
  return [...Object.entries(CHARTS), ...Object.entries(IMAGES)]
    .filter(([, facts]) => used.has(pinOf(facts)))
    .flatMap(([name, { endOfLife, note }]) =>
      endOfLife === undefined ? [] : [[endOfLife, name, note ?? ""]],
    )
    .toSorted(([a = ""], [b = ""]) => (a < b ? -1 : a > b ? 1 : 0));
}

function pinOf(facts: ChartFacts | ImageFacts): string {
  return "chart" in facts
    ? `${facts.repository}/${facts.chart}:${facts.version}`
    : `${facts.repository}:${facts.tag}`;
}

/** Charts and images of every cluster; nothing while the definition does not compile. */
function usedPins(definition: unknown, lock: Lock): ReadonlySet<string> {
  const { value } = compile({ definition, registry, lock, sealed: {} });
  const targets = value?.targets ?? [];
  const charts = targets.flatMap((target) => target.charts);
  const containers = targets.flatMap(({ graph }) =>
    graph.workloads.flatMap((workload) => workload.containers),
  );
  return new Set([
    ...charts.map(({ repository, chart, version }) => `${repository}/${chart}:${version}`),
    ...containers.map(({ image }) => image.replace(/@sha256:.*$/, "")),
  ]);
}
