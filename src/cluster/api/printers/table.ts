// `meta.k8s.io` Table: what `kubectl get` prints.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { Resource } from "../resource.ts";
import type { Column, PrintContext } from "./column.ts";
import { partialMetadata } from "./partial-metadata.ts";
import type { ListMetadata, MetaVersion } from "./partial-metadata.ts";
import { printerOf } from "./printers.ts";

/** What stands in a row beside its cells. */
export type IncludeObject = "None" | "Metadata" | "Object";

export interface TableOptions extends PrintContext {
  readonly includeObject: IncludeObject;
  readonly version: MetaVersion;
  /** Of a list; a single object's table carries that object's own version. */
  readonly metadata: ListMetadata;
  /** False for watch events after the first: clients have the columns by then. */
  readonly withColumns?: boolean;
}

export type ColumnDefinition = Pick<
  Column,
  "name" | "type" | "format" | "description" | "priority"
>;

export interface TableRow {
  readonly cells: readonly unknown[];
  readonly conditions?: readonly unknown[];
  readonly object?: unknown;
}

export interface Table {
  readonly kind: "Table";
  readonly apiVersion: string;
  readonly metadata: ListMetadata;
  readonly columnDefinitions: readonly ColumnDefinition[] | null;
  readonly rows: readonly TableRow[];
}

export function toTable(
  objects: readonly KubernetesObject[],
  resource: Pick<Resource, "facts">,
  options: TableOptions,
): Table {
  const printer = printerOf(resource);
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${options.version}`,
    metadata: options.metadata,
    columnDefinitions: options.withColumns === false ? null : printer.columns.map(definitionOf),
    rows: objects.map((object) => {
      const conditions = printer.conditions?.(object) ?? [];
      return {
        cells: printer.columns.map(({ cell }) => cell(object, options)),
        ...(conditions.length === 0 ? {} : { conditions }),
        ...rowObject(object, options),
      };
    }),
  };
}

function definitionOf({ name, type, format, description, priority }: Column): ColumnDefinition {
  return { name, type, format, description, priority };
}

function rowObject(
  object: KubernetesObject,
  { includeObject, version }: TableOptions,
): Pick<TableRow, "object"> {
  switch (includeObject) {
    case "None":
      return { object: null };
    case "Metadata":
      return { object: partialMetadata(object, version) };
    case "Object":
      return { object };
  }
}
