// What a printer is: an ordered list of columns, each a name, a type and the cell it reads from an object.
// The columns of built-in kinds mirror kubernetes v1.36.2 pkg/printers/internalversion/printers.go.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { humanDuration } from "./human-duration.ts";

export interface PrintContext {
  /** Cluster time, milliseconds since the epoch. */
  readonly now: number;
}

export type Cell = string | number | boolean | null;

export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  /** `name` marks the column that identifies the object. */
  readonly format: string;
  readonly description: string;
  /** Columns above 0 are shown by `-o wide` only. */
  readonly priority: number;
  readonly cell: (object: KubernetesObject, context: PrintContext) => Cell;
}

/** `meta.k8s.io/v1` TableRowCondition. */
export interface RowCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export interface Printer {
  readonly columns: readonly Column[];
  readonly conditions?: (object: KubernetesObject) => readonly RowCondition[];
}

export function column(name: string, type: Column["type"], cell: Column["cell"]): Column {
  return { name, type, format: "", description: "", priority: 0, cell };
}

export function text(name: string, cell: Column["cell"]): Column {
  return column(name, "string", cell);
}

export function integer(name: string, cell: Column["cell"]): Column {
  return column(name, "integer", cell);
}

/** Shown by `-o wide` only. */
export function wide(shown: Column): Column {
  return { ...shown, priority: 1 };
}

export function nameColumn(cell: Column["cell"] = ({ metadata }) => metadata.name): Column {
  return { ...text("Name", cell), format: "name" };
}

export const NAME = nameColumn();
export const AGE = text("Age", ({ metadata }, { now }) => elapsed(metadata.creationTimestamp, now));

/** The registry's columns for kinds nobody has written any for. */
export const DEFAULT_PRINTER: Printer = {
  columns: [
    NAME,
    column("Created At", "date", ({ metadata }) => metadata.creationTimestamp ?? "<unknown>"),
  ],
};

/** The time since a timestamp, `<unknown>` without one. */
export function elapsed(timestamp: unknown, now: number): string {
  const then = typeof timestamp === "string" ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(then) ? "<unknown>" : humanDuration(now - then);
}
