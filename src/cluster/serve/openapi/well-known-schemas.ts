// Definitions whose published schema is not that of a record: what clients see for times, quantities and raw JSON.

type Schema = Readonly<Record<string, unknown>>;

/** By the end of the definition's name. */
const SCHEMAS: readonly (readonly [string, Schema])[] = [
  [".api.resource.Quantity", { oneOf: [{ type: "string" }, { type: "number" }] }],
  [
    ".util.intstr.IntOrString",
    { format: "int-or-string", oneOf: [{ type: "integer" }, { type: "string" }] },
  ],
  [".meta.v1.Time", { type: "string", format: "date-time" }],
  [".meta.v1.MicroTime", { type: "string", format: "date-time" }],
  [".meta.v1.Duration", { type: "string" }],
  [".meta.v1.FieldsV1", { type: "object" }],
  [".runtime.RawExtension", { type: "object" }],
  [".apiextensions.v1.JSON", {}],
  [".JSONSchemaPropsOrArray", {}],
  [".JSONSchemaPropsOrBool", {}],
  [".JSONSchemaPropsOrStringArray", {}],
];

export function wellKnownSchema(definition: string): Schema | undefined {
  return SCHEMAS.find(([suffix]) => definition.endsWith(suffix))?.[1];
}
