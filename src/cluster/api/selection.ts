// Which objects a list or watch is about: a label selector and a field selector, checked against what the kind supports.

import type {
  FieldTerm,
  KindFacts,
  KubernetesObject,
  LabelRequirements,
} from "../../kubernetes/index.ts";
import {
  matchesFields,
  matchesLabels,
  parseFieldSelector,
  parseLabelSelector,
  pinnedField,
  SelectorSyntaxError,
} from "../../kubernetes/index.ts";
import { plainText, isRecord } from "../../core/index.ts";
import { badRequest } from "./refusals.ts";
import type { Resource } from "./resource.ts";
import { builtinField, SELECTABLE_FIELDS } from "./selectable-fields.ts";

export interface Selection {
  readonly labels: LabelRequirements;
  readonly fields: readonly FieldTerm[];
  /** Set when the field selector allows one name only. */
  readonly name: string | undefined;
  /** Set when the field selector allows one namespace only. */
  readonly namespace: string | undefined;
  readonly isEverything: boolean;
  matches(object: KubernetesObject): boolean;
}

/** Of nearly every watch. */
const EVERYTHING: Selection = {
  labels: [],
  fields: [],
  name: undefined,
  namespace: undefined,
  isEverything: true,
  matches: () => true,
};

/** Throws StatusError 400 for a selector that cannot be read or a field the kind does not offer. */
export function parseSelection(
  resource: Resource,
  labelSelector: string | undefined,
  fieldSelector: string | undefined,
): Selection {
  if (!labelSelector && !fieldSelector) return EVERYTHING;
  const labels = parse(() => parseLabelSelector(labelSelector ?? ""));
  const fields = parse(() => parseFieldSelector(fieldSelector ?? ""));
  for (const term of fields) checkField(resource, term.field);
  return {
    labels,
    fields,
    name: pinnedField(fields, "metadata.name"),
    namespace: pinnedField(fields, "metadata.namespace"),
    isEverything: labels.length === 0 && fields.length === 0,
    matches: (object) =>
      matchesLabels(labels, object.metadata.labels) &&
      matchesFields(fields, (field) => fieldOf(resource, object, field)),
  };
}

function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SelectorSyntaxError) throw badRequest(error.message);
    throw error;
  }
}

function checkField({ facts, storeResource }: Resource, field: string): void {
  if (field === "metadata.name") return;
  if (field === "metadata.namespace" && (facts.namespaced || facts.custom === undefined)) return;
  if (selectableOf(facts, storeResource).includes(field)) return;
  throw badRequest(`field label not supported: ${field}`);
}

function selectableOf(facts: KindFacts, storeResource: string): readonly string[] {
  if (facts.custom === undefined) return SELECTABLE_FIELDS[storeResource] ?? [];
  return (facts.custom.selectableFields ?? []).map((path) => path.replace(/^\./, ""));
}

function fieldOf(
  { storeResource, facts }: Resource,
  object: KubernetesObject,
  field: string,
): string {
  if (field === "metadata.name") return object.metadata.name;
  if (field === "metadata.namespace") return object.metadata.namespace ?? "";
  if (facts.custom === undefined) return builtinField(storeResource, object, field);
  let value: unknown = object;
  for (const key of field.split(".")) value = isRecord(value) ? value[key] : undefined;
  return value === undefined || value === null ? "" : plainText(value);
}
