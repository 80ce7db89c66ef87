// What autoscalers measure. Mirrors validateMetricSpec, validateMetricTarget and ValidateCrossVersionObjectReference of
// kubernetes pkg/apis/autoscaling/validation/validation.go @v1.36.

import { compareQuantities, parseQuantity, plainText, ZERO_QUANTITY } from "../../../core/index.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { numberAt, recordAt, textAt } from "./fields.ts";
import { validateName } from "./names.ts";
import { validateContainerResourceName } from "./resource-names.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

export interface ReferenceOptions {
  /** The version was there before, whichever. */
  readonly allowAnyVersion: boolean;
  /** Kinds of the core group are meant too. */
  readonly allowNoGroup: boolean;
}

export function validateReference(field: string, ref: Scope, options: ReferenceOptions): Causes {
  const fault = apiVersionFault(ref, options);
  return [
    ...["kind", "name"].flatMap((part) => validatePart(`${field}.${part}`, textAt(ref, part))),
    ...(fault === undefined
      ? []
      : [invalidField(`${field}.apiVersion`, textAt(ref, "apiVersion"), fault)]),
  ];
}

function validatePart(field: string, text: string, missing?: string): Causes {
  return text === "" ? [requiredField(field, missing)] : validateName(field, text, "path-segment");
}

export function apiVersionFault(ref: Scope, options: ReferenceOptions): string | undefined {
  if (options.allowAnyVersion) return undefined;
  const apiVersion = textAt(ref, "apiVersion");
  const parts = apiVersion === "/" ? [] : apiVersion.split("/");
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  const group = parts.length === 2 ? parts[0] : "";
  return group === "" && !options.allowNoGroup ? "apiVersion must specify API group" : undefined;
}

/** Field of the source → its rules, in the order they are looked for. */
const SOURCES: Readonly<
  Record<string, (field: string, source: Scope, options: ReferenceOptions) => Causes>
> = {
  object: validateObject,
  external: validateExternal,
  pods: validatePods,
  resource: validateResource,
  containerResource: validateContainerResource,
};
const TYPES = ["ContainerResource", "External", "Object", "Pods", "Resource"];

/** Only the first source is looked into. */
export function validateMetric(field: string, metric: Scope, options: ReferenceOptions): Causes {
  const type = textAt(metric, "type");
  const present = Object.keys(SOURCES).filter((source) => metric[source] !== undefined);
  const [first] = present;
  const unknown = TYPES.includes(type) ? [] : [unsupportedField(`${field}.type`, type, TYPES)];
  return [
    ...(type === "" ? [requiredField(`${field}.type`, "must specify a metric source type")] : []),
    ...unknown,
    ...(first === undefined
      ? []
      : (SOURCES[first]?.(`${field}.${first}`, recordAt(metric, first), options) ?? [])),
    ...(unknown.length > 0 ? unknown : missingSource(field, metric, sourceOf(type))),
    ...(present.length === 1 ? [] : otherSources(field, present, sourceOf(type))),
  ];
}

/** `ContainerResource` is in `containerResource`. */
function sourceOf(type: string): string {
  return TYPES.includes(type) ? `${type.charAt(0).toLowerCase()}${type.slice(1)}` : "";
}

function missingSource(field: string, metric: Scope, source: string): Causes {
  if (metric[source] !== undefined) return [];
  const why = "must populate information for the given metric source";
  return [requiredField(`${field}.${source}`, why)];
}

function otherSources(field: string, present: readonly string[], expected: string): Causes {
  return present
    .filter((source) => source !== expected)
    .toSorted()
    .map((source) =>
      forbiddenField(`${field}.${source}`, "must populate the given metric source only"),
    );
}

function validateObject(field: string, source: Scope, options: ReferenceOptions): Causes {
  const described = recordAt(source, "describedObject");
  const neither = "must set either a target value or averageValue";
  return [
    ...validateReference(`${field}.describedObject`, described, options),
    ...validateIdentifier(field, source),
    ...validateTarget(`${field}.target`, source),
    ...(has(source, "value") || has(source, "averageValue")
      ? []
      : [requiredField(`${field}.target.averageValue`, neither)]),
  ];
}

function validateExternal(field: string, source: Scope): Causes {
  const neither = "must set either a target value for metric or a per-pod target";
  const both = "may not set both a target value for metric and a per-pod target";
  const [isWhole, isEach] = [has(source, "value"), has(source, "averageValue")];
  return [
    ...validateIdentifier(field, source),
    ...validateTarget(`${field}.target`, source),
    ...(isWhole || isEach ? [] : [requiredField(`${field}.target.averageValue`, neither)]),
    ...(isWhole && isEach ? [forbiddenField(`${field}.target.value`, both)] : []),
  ];
}

function validatePods(field: string, source: Scope): Causes {
  const missing = "must specify a positive target averageValue";
  return [
    ...validateIdentifier(field, source),
    ...validateTarget(`${field}.target`, source),
    ...(has(source, "averageValue")
      ? []
      : [requiredField(`${field}.target.averageValue`, missing)]),
  ];
}

function validateResource(field: string, source: Scope): Causes {
  const isNamed = textAt(source, "name") !== "";
  return [
    ...(isNamed ? [] : [requiredField(`${field}.name`, "must specify a resource name")]),
    ...validateUsage(field, source),
  ];
}

function validateContainerResource(field: string, source: Scope): Causes {
  const [name, container] = [textAt(source, "name"), textAt(source, "container")];
  const at = `${field}.container`;
  return [
    ...(name === ""
      ? [requiredField(`${field}.name`, "must specify a resource name")]
      : validateContainerResourceName(`${field}.name`, name)),
    ...(container === ""
      ? [requiredField(at, "must specify a container")]
      : validateName(at, container, "label")),
    ...validateUsage(field, source),
  ];
}

function validateUsage(field: string, source: Scope): Causes {
  const neither = "must set either a target raw value or a target utilization";
  const both = "may not set both a target raw value and a target utilization";
  const [isPart, isEach] = [has(source, "averageUtilization"), has(source, "averageValue")];
  return [
    ...validateTarget(`${field}.target`, source),
    ...(isPart || isEach ? [] : [requiredField(`${field}.target.averageUtilization`, neither)]),
    ...(isPart && isEach ? [forbiddenField(`${field}.target.averageValue`, both)] : []),
  ];
}

function has(source: Scope, target: string): boolean {
  return recordAt(source, "target")[target] !== undefined;
}

function validateIdentifier(field: string, source: Scope): Causes {
  const name = textAt(recordAt(source, "metric"), "name");
  return validatePart(`${field}.metric.name`, name, "must specify a metric name");
}

const TARGETS = ["Utilization", "Value", "AverageValue"];

function validateTarget(field: string, source: Scope): Causes {
  const target = recordAt(source, "target");
  const type = textAt(target, "type");
  const unknown = "must be either Utilization, Value, or AverageValue";
  const usage = numberAt(target, "averageUtilization") ?? 1;
  return [
    ...(type === "" ? [requiredField(`${field}.type`, "must specify a metric target type")] : []),
    ...(TARGETS.includes(type) ? [] : [invalidField(`${field}.type`, type, unknown)]),
    ...["value", "averageValue"]
      .filter((name) => target[name] !== undefined && !isPositive(target[name]))
      .map((name) => invalidField(`${field}.${name}`, target[name], "must be positive")),
    ...(usage < 1
      ? [invalidField(`${field}.averageUtilization`, usage, "must be greater than 0")]
      : []),
  ];
}

function isPositive(amount: unknown): boolean {
  const quantity = parseQuantity(plainText(amount)) ?? ZERO_QUANTITY;
  return compareQuantities(quantity, ZERO_QUANTITY) > 0;
}
