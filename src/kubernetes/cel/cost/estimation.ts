// What is known while the cost of an expression is estimated: the variables of its loops, and of every node where it reads and how large
// its value may be. Mirrors cel-go checker/cost.go (computeSize, computeEntrySize, getPath).

import type { CelType } from "../check/cel-type.ts";
import type { CelValue } from "../values/value.ts";
import type { CostNode, EntrySizes } from "./cost-node.ts";
import { append, type FieldPath } from "./field-path.ts";
import { exactly, type SizeRange } from "./size-range.ts";

/** What is declared of the size at a path. */
export type DeclaredSizes = (path: FieldPath | undefined) => SizeRange | undefined;

interface Local {
  readonly path: FieldPath | undefined;
  readonly size: SizeRange | undefined;
  readonly entries: EntrySizes | undefined;
}

export interface Estimation {
  readonly declared: DeclaredSizes;
  /** The innermost of a name is the last. */
  readonly locals: Map<string, Local[]>;
}

function push({ locals }: Estimation, name: string, local: Local): void {
  const stack = locals.get(name);
  if (stack === undefined) locals.set(name, [local]);
  else stack.push(local);
}

export function localOf({ locals }: Estimation, name: string): Local | undefined {
  return locals.get(name)?.at(-1);
}

export function bind(estimation: Estimation, name: string, value: CostNode): void {
  const path = pathAt(estimation, value);
  const entries = entriesAt(estimation, value);
  push(estimation, name, { path, entries, size: sizeAt(estimation, value) });
}

export function bindEach(
  estimation: Estimation,
  name: string,
  range: CostNode,
  part: "key" | "value" | "single",
): void {
  const entries = entriesAt(estimation, range);
  const isList = (entries?.kind ?? range.type.is) === "list";
  const isValue = part === "value" || (part === "single" && isList);
  const sub = isValue ? (isList ? "@items" : "@values") : isList ? "@indices" : "@keys";
  const path = append(pathAt(estimation, range), sub);
  push(estimation, name, {
    path,
    size: isValue ? entries?.value : entries?.key,
    entries: undefined,
  });
}

export function pathAt(estimation: Estimation, node: CostNode): FieldPath | undefined {
  const local = node.is === "ident" ? localOf(estimation, node.name) : undefined;
  return local === undefined ? node.path : local.path;
}

/** A receiver or an argument, once its own cost is counted. */
export interface Operand {
  readonly node: CostNode;
  readonly size: SizeRange | undefined;
  readonly path: FieldPath | undefined;
}

export function operandOf(estimation: Estimation, node: CostNode): Operand {
  return { node, path: pathAt(estimation, node), size: sizeAt(estimation, node) };
}

export function sizeAt(estimation: Estimation, node: CostNode): SizeRange | undefined {
  if (node.size !== undefined) return node.size;
  const written = writtenSize(node);
  if (written !== undefined) return written;
  const declared = estimation.declared(pathAt(estimation, node));
  if (declared !== undefined) return (node.size = declared);
  if (isScalar(node.type)) return exactly(1);
  return node.is === "ident" ? localOf(estimation, node.name)?.size : undefined;
}

export function entriesAt(estimation: Estimation, node: CostNode): EntrySizes | undefined {
  if (node.entries !== undefined || node.is !== "ident") return node.entries;
  return localOf(estimation, node.name)?.entries;
}

export function copySizes(estimation: Estimation, to: CostNode, from: CostNode): void {
  const size = sizeAt(estimation, from);
  const entries = entriesAt(estimation, from);
  if (size !== undefined) to.size = size;
  if (entries !== undefined) to.entries = entries;
}

function writtenSize(node: CostNode): SizeRange | undefined {
  if (node.is === "literal") return exactly(literalSize(node.value));
  if (node.is === "list") return exactly(node.elements.length);
  return node.is === "map" ? exactly(node.pairs.length) : undefined;
}

function literalSize(value: CelValue): number {
  if (typeof value === "string") return Array.from(value).length;
  return value instanceof Uint8Array ? value.length : 1;
}

const SCALARS = ["bool", "double", "duration", "int", "timestamp", "uint"];

function isScalar(type: CelType): boolean {
  return type.is === "optional" ? isScalar(type.content) : SCALARS.includes(type.is);
}
