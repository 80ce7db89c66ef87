// What a path of the definition means: its values with every default filled in, and what it makes on each cluster.

import type { Path } from "../../core/index.ts";
import { formatPath, isRecord, valueAt } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import type { CompiledTarget } from "../../model/index.ts";
import { placeOfPath } from "../definition/positions.ts";
import { formatTable } from "../output/table.ts";
import { UsageError } from "../usage-error.ts";
import type { ExplainedPlatform } from "./explain.ts";
import { groupRefs, labelled, settingsFrom } from "./origin-line.ts";
import { plannedValue } from "./planned-value.ts";

export function explainPath(path: Path, platform: ExplainedPlatform): string {
  const { compiled, definition } = platform;
  const sections = compiled.targets.map((target) => explainOn(target, path, definition));
  const known = valueAt(definition, path) !== undefined || sections.some(({ text }) => text !== "");
  if (!known) throw new UsageError(`nothing in this platform is called ${formatPath(path)}`);
  const head = `${formatPath(path)}   ${placeOfPath(path, platform.file)}\n`;
  // Clusters on which a path means the same share one section.
  const grouped = new Map<string, string[]>();
  for (const { text, target } of sections)
    grouped.set(text, [...(grouped.get(text) ?? []), target]);
  return head + [...grouped].map(([text, targets]) => `\n${targets.join(", ")}\n${text}`).join("");
}

function explainOn(
  target: CompiledTarget,
  path: Path,
  definition: unknown,
): { readonly target: string; readonly text: string } {
  const values = valueRows(target, path, definition);
  const table = values.length === 0 ? "" : indent(formatTable(COLUMNS, values));
  const made = madeBy(path, target);
  const makes = labelled([["makes", [...groupRefs(made), ...settingsFrom(path, target)]]]);
  return { target: target.cluster.target, text: table + makes };
}

const COLUMNS = ["FIELD", "VALUE", "FROM"].map((header) => ({ header }));

/** One row for each value; those nobody wrote are defaults. */
function valueRows(target: CompiledTarget, path: Path, definition: unknown): string[][] {
  const planned = plannedValue(target.cluster, path);
  return leaves(planned.value, []).map(([field, value]) => {
    const full = [...planned.path, ...field];
    const written = valueAt(definition, target.plan.originOf(full)) !== undefined;
    return [formatPath(field) || "value", value, written ? "definition" : "default"];
  });
}

/** Internal links of a plan are no settings. */
const HIDDEN = new Set(["origin", "binding", "bindings", "name"]);

function leaves(value: unknown, path: Path): (readonly [Path, string])[] {
  if (value === undefined || value === null || value === "") return [];
  if (Array.isArray(value) && value.every(isRecord)) {
    return value.flatMap((item, index) =>
      leaves(item, [...path, typeof item["name"] === "string" ? item["name"] : index]),
    );
  }
  if (!isRecord(value)) return [[path, typeof value === "string" ? value : JSON.stringify(value)]];
  return Object.entries(value)
    .filter(([key]) => !HIDDEN.has(key))
    .flatMap(([key, member]) => leaves(member, [...path, key]));
}

/** Objects whose origin is the path or below it. */
function madeBy(path: Path, target: CompiledTarget): string[] {
  const prefix = formatPath(path);
  return target.objects
    .filter(({ origin }) => {
      const shown = formatPath(origin.path);
      return (
        shown === prefix || (shown.startsWith(prefix) && /^[.[]/.test(shown.slice(prefix.length)))
      );
    })
    .map(({ object }) => displayRef(refOf(object)));
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
