// Holds an object against its kind's schema and reports everything at once. Built-in kinds follow the server's decoder
// (null means absent), custom kinds its structural validation; metadata is ObjectMeta for both. Any JSON is accepted.

import { isRecord } from "../../core/index.ts";
import type { FieldSchema, KindFacts } from "./schema.ts";
import type { SchemaProblem } from "./schema-problem.ts";
import { requiredField, wrongType } from "./schema-problem.ts";
import { check, checkMember, checkRecord } from "./validate-value.ts";
import type { Validation } from "./validation.ts";

export interface ValidateOptions {
  /** `ignore` leaves unknown fields to `pruneUnknown`. Default `refuse`. */
  readonly unknownFields?: "refuse" | "ignore";
  /**
   * `written` when the request goes to the status subresource: only then must `status` be complete. Default `ignored`,
   * because every other write to a kind with that subresource drops what it says about status.
   */
  readonly status?: "ignored" | "written";
}

export function validateObject(
  object: unknown,
  kind: KindFacts,
  options: ValidateOptions = {},
): SchemaProblem[] {
  const validation: Validation = {
    path: [],
    problems: [],
    unknownFields: options.unknownFields ?? "refuse",
    reads: kind.custom === undefined ? "go" : "structural",
    requiredMatters: true,
  };
  if (!isRecord(object)) return [wrongType([], "object", object)];
  const skipsStatus = options.status !== "written" && kind.subresources.includes("status");
  checkRoot(validation, object, kind.schema, skipsStatus);
  return validation.problems;
}

/** One value against one schema, wherever it stands. */
export function validateValue(
  value: unknown,
  schema: FieldSchema,
  { custom = true }: { readonly custom?: boolean } = {},
): SchemaProblem[] {
  const validation: Validation = {
    path: [],
    problems: [],
    unknownFields: "refuse",
    reads: custom ? "structural" : "go",
    requiredMatters: true,
  };
  check(validation, value, schema);
  return validation.problems;
}

function checkRoot(
  validation: Validation,
  object: Record<string, unknown>,
  schema: FieldSchema,
  skipsStatus: boolean,
): void {
  const { metadata, status, ...rest } = object;
  checkRecord(validation, rest, schema, new Set(["metadata", "status"]));
  const { reads } = validation;
  if (metadata !== undefined) {
    validation.reads = "go";
    checkMember(validation, "metadata", metadata, schema);
    validation.reads = reads;
  } else if (schema.required?.includes("metadata")) {
    validation.problems.push(requiredField(["metadata"]));
  }
  if (status !== undefined) {
    validation.requiredMatters = !skipsStatus;
    checkMember(validation, "status", status, schema);
    validation.requiredMatters = true;
  } else if (schema.required?.includes("status") && !skipsStatus) {
    validation.problems.push(requiredField(["status"]));
  }
}
