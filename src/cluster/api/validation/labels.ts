// Keys and values of labels and annotations. Mirrors apimachinery pkg/util/validation and apis/meta/v1/validation.

import { invalidField, tooLongField } from "../field-error.ts";
import { nameFaults } from "./names.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";

const NAME_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const NAME_TEXT =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE_TEXT =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const ANNOTATIONS_BYTES_MAX = 256 * 1024;

/** Keys without faults: a cluster uses few, and every write names them. The bound is for clients that invent them. */
const faultless = new Set<string>();
const FAULTLESS_MAX = 10_000;
const NO_FAULTS: readonly string[] = [];

/** A qualified name: `name` or `prefix/name`. */
export function qualifiedNameFaults(key: string): readonly string[] {
  if (faultless.has(key)) return NO_FAULTS;
  const faults = findNameFaults(key);
  if (faults.length === 0) {
    if (faultless.size >= FAULTLESS_MAX) faultless.clear();
    faultless.add(key);
  }
  return faults;
}

function findNameFaults(key: string): readonly string[] {
  const parts = key.split("/");
  const name = parts.at(-1) ?? "";
  if (parts.length > 2) {
    return [
      "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
        "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
        "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ];
  }
  const faults: string[] = [];
  if (parts.length === 2) {
    const prefix = parts[0] ?? "";
    if (prefix === "") faults.push("prefix part must be non-empty");
    else faults.push(...nameFaults(prefix, "long-name").map((fault) => `prefix part ${fault}`));
  }
  if (name === "") faults.push("name part must be non-empty");
  else if (name.length > 63) faults.push("name part must be no more than 63 bytes");
  if (!NAME_PART.test(name)) faults.push(NAME_TEXT);
  return faults;
}

export function labelValueFaults(value: string): readonly string[] {
  const faults = value.length > 63 ? ["must be no more than 63 bytes"] : [];
  return value === "" || NAME_PART.test(value) ? faults : [...faults, VALUE_TEXT];
}

export function validateLabels(
  field: string,
  labels: Readonly<Record<string, string>> | undefined,
): readonly StatusCause[] {
  if (labels === undefined) return NO_CAUSES;
  const isShared = Object.isFrozen(labels);
  if (isShared && validLabels.has(labels)) return NO_CAUSES;
  const causes: StatusCause[] = [];
  for (const key in labels) {
    const value = labels[key] ?? "";
    for (const fault of qualifiedNameFaults(key)) causes.push(invalidField(field, key, fault));
    for (const fault of labelValueFaults(value)) causes.push(invalidField(field, value, fault));
  }
  if (isShared && causes.length === 0) validLabels.add(labels);
  return causes;
}

/** Frozen labels without a fault: pods of one template share theirs. */
const validLabels = new WeakSet<object>();
const NO_CAUSES: readonly StatusCause[] = [];

export function validateAnnotations(
  field: string,
  annotations: Readonly<Record<string, string>> | undefined,
): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  let bytes = 0;
  for (const key in annotations) {
    bytes += key.length + (annotations[key] ?? "").length;
    const faults = qualifiedNameFaults(key.toLowerCase());
    for (const fault of faults) causes.push(invalidField(field, key, fault));
  }
  if (bytes > ANNOTATIONS_BYTES_MAX) causes.push(tooLongField(field, ANNOTATIONS_BYTES_MAX));
  return causes;
}
