// A CustomResourceDefinition as we read it, from a live object or from a fact table, and the kinds it serves.

import { isRecord } from "../../core/index.ts";
import type { CompactDefinition } from "./compact.ts";
import { fieldSchemaOf } from "./openapi-schema.ts";
import type {
  CustomKindFacts,
  FieldSchema,
  KindFacts,
  PrinterColumn,
  ScalePaths,
  SubresourceFacts,
} from "./schema.ts";
import { customRootSchema } from "./object-meta.ts";

/** One entry of `spec.versions`; the schema is read on demand. */
interface DefinitionVersion {
  readonly raw: Record<string, unknown>;
  readonly name: string;
  schema(): FieldSchema;
}

const CUSTOM_VERBS: readonly string[] = [
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "create",
  "update",
  "watch",
];
const SUBRESOURCE_VERBS: readonly string[] = ["get", "patch", "update"];

/** The served kinds of a live CustomResourceDefinition; an object that names no resource serves none. */
export function kindsOfCrd(crd: unknown): KindFacts[] {
  const spec = isRecord(crd) ? crd["spec"] : undefined;
  if (!isRecord(spec) || !isRecord(spec["names"])) return [];
  const { kind, plural } = spec["names"];
  if ([spec["group"], kind, plural].some((name) => textOf(name) === "")) return [];
  return kindsOfSpec(spec, (version) => {
    const schema = version["schema"];
    return fieldSchemaOf(isRecord(schema) ? schema["openAPIV3Schema"] : undefined);
  });
}

/** The served kinds of a definition in a fact table. */
export function kindsOfDefinition(
  definition: CompactDefinition,
  schema: (index: number) => FieldSchema,
): KindFacts[] {
  return kindsOfSpec(definition.spec, (version) => schema(Number(version["schema"])));
}

function kindsOfSpec(
  spec: Readonly<Record<string, unknown>>,
  schemaOf: (version: Record<string, unknown>) => FieldSchema,
): KindFacts[] {
  return recordsIn(spec["versions"])
    .filter(({ served, name }) => served === true && textOf(name) !== "")
    .map((raw) => {
      const name = textOf(raw["name"]);
      return kindOf(spec, { raw, name, schema: () => schemaOf(raw) });
    });
}

function kindOf(spec: Readonly<Record<string, unknown>>, version: DefinitionVersion): KindFacts {
  const names = isRecord(spec["names"]) ? spec["names"] : {};
  const group = textOf(spec["group"]);
  const kind = textOf(names["kind"]);
  const resource = textOf(names["plural"]);
  const subresourceFacts = subresourcesOf(version, group, kind);
  let schema: FieldSchema | undefined;
  return {
    group,
    version: version.name,
    kind,
    listKind: textOf(names["listKind"]) || `${kind}List`,
    resource,
    singular: textOf(names["singular"]) || kind.toLowerCase(),
    shortNames: textsIn(names["shortNames"]),
    categories: textsIn(names["categories"]),
    namespaced: spec["scope"] !== "Cluster",
    verbs: CUSTOM_VERBS,
    subresources: subresourceFacts.map(({ name }) => name),
    subresourceFacts,
    get schema() {
      return (schema ??= customRootSchema(version.schema()));
    },
    columns: recordsIn(version.raw["additionalPrinterColumns"]).map(columnOf),
    custom: customFacts(version, `${resource}.${group}`),
  };
}

function subresourcesOf(
  { raw, name: version }: DefinitionVersion,
  group: string,
  kind: string,
): SubresourceFacts[] {
  const subresources = isRecord(raw["subresources"]) ? raw["subresources"] : {};
  const found: SubresourceFacts[] = [];
  if (isRecord(subresources["scale"])) {
    const scale = { group: "autoscaling", version: "v1", kind: "Scale" };
    found.push({ name: "scale", verbs: SUBRESOURCE_VERBS, ...scale });
  }
  if (isRecord(subresources["status"])) {
    found.push({ name: "status", verbs: SUBRESOURCE_VERBS, group, version, kind });
  }
  return found;
}

function columnOf(raw: Record<string, unknown>): PrinterColumn {
  const { priority, format, description } = raw;
  return {
    name: textOf(raw["name"]),
    type: textOf(raw["type"]),
    jsonPath: textOf(raw["jsonPath"]),
    ...(typeof priority === "number" ? { priority } : {}),
    ...(typeof format === "string" ? { format } : {}),
    ...(typeof description === "string" ? { description } : {}),
  };
}

function customFacts({ raw }: DefinitionVersion, definition: string): CustomKindFacts {
  const scale = scalePathsOf(raw);
  const selectable = recordsIn(raw["selectableFields"]).map((field) => textOf(field["jsonPath"]));
  const warning = raw["deprecationWarning"];
  return {
    definition,
    storage: raw["storage"] === true,
    ...(raw["deprecated"] === true ? { deprecated: true } : {}),
    ...(typeof warning === "string" ? { deprecationWarning: warning } : {}),
    ...(scale ? { scale } : {}),
    ...(selectable.length > 0 ? { selectableFields: selectable } : {}),
  };
}

function scalePathsOf(raw: Record<string, unknown>): ScalePaths | undefined {
  const subresources = raw["subresources"];
  const scale = isRecord(subresources) ? subresources["scale"] : undefined;
  if (!isRecord(scale)) return undefined;
  const { labelSelectorPath } = scale;
  return {
    specReplicasPath: textOf(scale["specReplicasPath"]),
    statusReplicasPath: textOf(scale["statusReplicasPath"]),
    ...(typeof labelSelectorPath === "string" ? { labelSelectorPath } : {}),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function recordsIn(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
