// Which fields of a custom kind lists may be selected by. Mirrors apiextensions-apiserver pkg/apis/apiextensions/validation
// (ValidateCustomResourceSelectableFields).

import { isRecord } from "../../../../core/index.ts";
import type { StatusCause } from "../../../../kubernetes/index.ts";
import { duplicateField, invalidField, requiredField } from "../../field-error.ts";
import { recordAt, recordsAt, textAt } from "../fields.ts";
import type { Schema } from "./structural-schema.ts";

const FIELDS_MAX = 8;
const SELECTABLE = ["string", "boolean", "integer"];

export function selectableCauses(version: Schema, at: string): readonly StatusCause[] {
  const schema = recordAt(recordAt(version, "schema"), "openAPIV3Schema");
  const seen = new Set<string>();
  const causes: StatusCause[] = [];
  recordsAt(version, "selectableFields").forEach((selectable, index) => {
    const path = textAt(selectable, "jsonPath");
    const field = `${at}[${index}].jsonPath`;
    if (path === "") return void causes.push(requiredField(field));
    const found = schemaAt(schema, path);
    if (typeof found === "string") {
      return void causes.push(invalidField(field, path, `is an invalid path: ${found}`));
    }
    if (path.startsWith(".metadata.")) {
      causes.push(invalidField(field, path, "must not point to fields in metadata"));
    }
    if (!SELECTABLE.includes(textAt(found, "type"))) {
      const detail =
        "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
      causes.push(invalidField(field, path, detail));
    }
    if (seen.has(path)) causes.push(duplicateField(field, path));
    seen.add(path);
  });
  if (seen.size <= FIELDS_MAX) return causes;
  const message = `Too many: ${seen.size}: must have at most ${FIELDS_MAX} items`;
  return [...causes, { reason: "FieldValueTooMany", message, field: at }];
}

/** What is wrong with the path instead, in words. */
function schemaAt(root: Schema, path: string): Schema | string {
  let schema = root;
  for (const name of path.split(".").slice(1)) {
    const next = recordAt(schema, "properties")[name];
    if (!isRecord(next)) return "does not refer to a valid field";
    schema = next;
  }
  return schema;
}
