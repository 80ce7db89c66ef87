// Columns of custom kinds: a name, then `additionalPrinterColumns`, or the age when there are none.
// Mirrors apiextensions-apiserver pkg/registry/customresource/tableconvertor.

import type { KindFacts, KubernetesObject, PrinterColumn } from "../../../kubernetes/index.ts";
import { elapsed, NAME } from "./column.ts";
import type { Cell, Column, Printer } from "./column.ts";
import { parseJsonPath } from "./json-path.ts";

const AGE_COLUMN: PrinterColumn = {
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
};

const printers = new WeakMap<KindFacts, Printer>();

export function customPrinter(facts: KindFacts): Printer {
  const known = printers.get(facts);
  if (known !== undefined) return known;
  const declared = facts.columns ?? [];
  const shown = declared.length === 0 ? [AGE_COLUMN] : declared;
  const printer = { columns: [NAME, ...shown.map(customColumn)] };
  printers.set(facts, printer);
  return printer;
}

const TYPES: readonly Column["type"][] = ["string", "integer", "number", "boolean", "date"];

function customColumn(column: PrinterColumn): Column {
  const { name, type, jsonPath, priority = 0, format = "", description = "" } = column;
  const path = parseJsonPath(jsonPath);
  const known = TYPES.find((one) => one === type) ?? "string";
  return {
    name,
    type: known,
    format,
    description:
      description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    priority,
    cell: (object: KubernetesObject, { now }) => {
      const [first] = path?.find(object) ?? [];
      return first === undefined || first === null ? null : customCell(known, first, now);
    },
  };
}

/** A value of another type than the column's is left out, except that a text column prints anything. */
function customCell(type: Column["type"], value: unknown, now: number): Cell {
  switch (type) {
    case "string":
      return typeof value === "string" ? value : JSON.stringify(value);
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date": {
      if (typeof value !== "string") return null;
      return Number.isNaN(Date.parse(value)) ? "<invalid>" : elapsed(value, now);
    }
  }
}
