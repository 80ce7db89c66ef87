// What else comes from a line of the definition.

import type { Path } from "../../core/index.ts";
import { deepEqual, formatPath, groupBy } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import type { CompiledTarget } from "../../model/index.ts";

/** Objects of one cluster that come from exactly this path, but for the one that was asked about. */
export function objectsFrom(path: Path, target: CompiledTarget, except?: string): string[] {
  return target.objects
    .filter(({ origin }) => formatPath(origin.path) === formatPath(path))
    .map(({ object }) => displayRef(refOf(object)))
    .filter((shown) => shown !== except);
}

/** Variables and secrets a consumer gets from one of its needs: `env ORDERS_DATABASE_HOST, …`, `secret orders-app`. */
export function settingsFrom(path: Path, { cluster }: CompiledTarget): string[] {
  const found = cluster.apps
    .flatMap(({ bindings }) => bindings)
    .find(({ origin }) => deepEqual(origin, path));
  if (found === undefined) return [];
  const { env, secrets } = found.binding;
  const names = cluster.secrets.filter(({ id }) => secrets.includes(id)).map(({ name }) => name);
  const lines = [
    line("secret", names),
    line(
      "env",
      env.map(({ name }) => name),
    ),
  ];
  return lines.filter((text) => text !== "");
}

/** One line for each kind: `networkpolicy storefront-to-orders -n data, …`. */
export function groupRefs(refs: readonly string[]): string[] {
  const groups = groupBy(refs, (ref) => ref.slice(0, ref.indexOf("/")));
  return [...groups].map(([kind, members]) =>
    line(
      kind,
      members.map((ref) => ref.slice(kind.length + 1)),
    ),
  );
}

const SHOWN_MAX = 6;

function line(kind: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const rest = names.length - SHOWN_MAX;
  const more = rest > 0 ? ` and ${rest} more` : "";
  return `${kind} ${names.slice(0, SHOWN_MAX).join(", ")}${more}`;
}

/** Rows of a label and its lines; the label stands at the first. */
export function labelled(
  rows: readonly (readonly [label: string, lines: readonly string[]])[],
): string {
  return rows
    .flatMap(([label, lines]) =>
      lines.map((text, index) => [index === 0 ? label : "", text] as const),
    )
    .map(([label, text]) => `  ${label.padEnd(LABEL_WIDTH)}${text}\n`)
    .join("");
}

const LABEL_WIDTH = 9;
