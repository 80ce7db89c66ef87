// What the versions of a definition say: schema, subresources, printer columns. Where all of them say the same, the server speaks of it as of
// the whole definition's (apiextensions-apiserver pkg/apis/apiextensions/v1/conversion.go, validation/validation.go).

import { deepEqual, isRecord } from "../../../../core/index.ts";
import type { StatusCause } from "../../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField } from "../../field-error.ts";
import { recordAt, recordsAt, textAt } from "../fields.ts";
import { defaultCauses } from "./default-values.ts";
import { checkDialect } from "./schema-dialect.ts";
import { selectableCauses } from "./selectable-fields.ts";
import { structuralCauses } from "./structural-schema.ts";

type Version = Readonly<Record<string, unknown>>;

export function versionPartCauses(versions: readonly Version[]): readonly StatusCause[] {
  const hasStatus = versions.some((version) => statusOf(version) !== undefined);
  return [
    ...each(versions, "schema", "spec.validation", (version, at, isShared) =>
      schemaCauses(
        version,
        `${at}.openAPIV3Schema`,
        isShared ? hasStatus : statusOf(version) !== undefined,
      ),
    ),
    ...each(versions, "subresources", "spec.subresources", scaleCauses),
    ...each(versions, "selectableFields", "spec.selectableFields", selectableCauses),
    ...each(versions, "additionalPrinterColumns", "spec.additionalPrinterColumns", columnCauses),
  ];
}

function statusOf(version: Version): unknown {
  return recordAt(version, "subresources")["status"];
}

/** One part of every version, or of all of them together. */
function each(
  versions: readonly Version[],
  part: string,
  shared: string,
  causesOf: (version: Version, at: string, isShared: boolean) => readonly StatusCause[],
): readonly StatusCause[] {
  const [first] = versions;
  if (first === undefined) return [];
  if (versions.every((version) => deepEqual(version[part], first[part]))) {
    return causesOf(first, shared, true);
  }
  return versions.flatMap((version, index) =>
    causesOf(version, `spec.versions[${index}].${part}`, false),
  );
}

const NOT_AT_ROOT = [
  "enum",
  "anyOf",
  "oneOf",
  "allOf",
  "not",
  "default",
  "nullable",
  "additionalProperties",
  "maxProperties",
  "minProperties",
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
];
/** In the names of Go, as the server prints them. */
const AT_ROOT =
  "Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations";

function schemaCauses(version: Version, at: string, hasStatus: boolean): readonly StatusCause[] {
  const schema = recordAt(version, "schema")["openAPIV3Schema"];
  if (!isRecord(schema)) return [requiredField(at, "schemas are required")];
  const causes: StatusCause[] = [];
  if (hasStatus && textAt(schema, "type") !== "" && schema["type"] !== "object") {
    const detail =
      'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    causes.push(invalidField(`${at}.type`, schema["type"], detail));
  } else if (hasStatus && NOT_AT_ROOT.some((name) => Boolean(schema[name]))) {
    const detail = `only [${AT_ROOT}] fields are allowed at the root of the schema if the status subresource is enabled`;
    causes.push(invalidField(at, schema, detail));
  }
  if (schema["nullable"] === true) {
    causes.push(forbiddenField(`${at}.nullable`, "nullable cannot be true at the root"));
  }
  const dialect = checkDialect(schema, at);
  const structural = dialect.isConvertible ? structuralCauses(schema, at) : [];
  const isSound = dialect.isConvertible && structural.length === 0;
  const defaults = isSound && dialect.hasDefaults ? defaultCauses(schema, at) : [];
  return [...causes, ...structural, ...defaults, ...dialect.causes];
}

function scaleCauses(version: Version, at: string): readonly StatusCause[] {
  const { scale } = recordAt(version, "subresources");
  if (!isRecord(scale)) return [];
  const labelPath = textAt(scale, "labelSelectorPath");
  return [
    ...pathCauses(`${at}.scale.specReplicasPath`, textAt(scale, "specReplicasPath"), [".spec"]),
    ...pathCauses(`${at}.scale.statusReplicasPath`, textAt(scale, "statusReplicasPath"), [
      ".status",
    ]),
    ...(labelPath === ""
      ? []
      : pathCauses(`${at}.scale.labelSelectorPath`, labelPath, [".spec", ".status"])),
  ];
}

function pathCauses(field: string, path: string, under: readonly string[]): readonly StatusCause[] {
  if (path === "") return [requiredField(field)];
  if (!path.startsWith(".")) {
    return [invalidField(field, path, "must be a simple json path starting with .")];
  }
  if (under.some((start) => path.startsWith(`${start}.`))) return [];
  const where = under.length === 1 ? under[0] : `either ${under.join(" or ")}`;
  return [invalidField(field, path, `should be a json path under ${where}`)];
}

const COLUMN_TYPES = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS = [
  "byte",
  "date",
  "date-time",
  "double",
  "float",
  "int32",
  "int64",
  "password",
];

function columnCauses(version: Version, at: string): readonly StatusCause[] {
  return recordsAt(version, "additionalPrinterColumns").flatMap((column, index) => {
    const field = `${at}[${index}]`;
    const causes: StatusCause[] = [];
    if (textAt(column, "name") === "") causes.push(requiredField(`${field}.name`));
    const type = textAt(column, "type");
    const oneOf = `must be one of ${COLUMN_TYPES.join(",")}`;
    if (type === "") causes.push(requiredField(`${field}.type`, oneOf));
    else if (!COLUMN_TYPES.includes(type)) causes.push(invalidField(`${field}.type`, type, oneOf));
    const format = textAt(column, "format");
    if (format !== "" && !COLUMN_FORMATS.includes(format)) {
      const detail = `must be one of ${COLUMN_FORMATS.join(",")}`;
      causes.push(invalidField(`${field}.format`, format, detail));
    }
    const path = textAt(column, "jsonPath");
    if (path === "") causes.push(requiredField(`${field}.JSONPath`));
    else if (!path.startsWith(".")) {
      const detail = "must be a simple json path starting with .";
      causes.push(invalidField(`${field}.JSONPath`, path, detail));
    }
    return causes;
  });
}
