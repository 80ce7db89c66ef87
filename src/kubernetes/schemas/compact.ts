// The compact form in which facts about kinds are committed: schemas as a table of nodes that refer to each other by
// index, every distinct schema once, under short keys. Written by scripts/generate-facts.ts, read by decode-facts.ts.

/** One committed table: where its facts come from, and the table itself as JSON text. */
export interface FactText {
  /** Project and release the facts were transcribed from. */
  readonly source: string;
  /** Day of that release or of the transcription, `2026-08-12`. */
  readonly date: string;
  readonly text: string;
}

/** A schema; values under child keys are node indexes. */
export type CompactNode = Readonly<Record<string, unknown>>;

/** `[name, verbs, group, version, kind]`. */
export type CompactSubresource = readonly [string, string, string, string, string];

/** A built-in kind. Defaults are left out: list kind, lower-case singular, empty lists. */
export interface CompactKind {
  readonly group?: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind?: string;
  readonly resource?: string;
  readonly singular?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly cluster?: 1;
  /** Comma-separated; `*` for the usual eight. */
  readonly verbs?: string;
  readonly subresources?: readonly CompactSubresource[];
  readonly schema: number;
}

/** A CustomResourceDefinition as its own spec words it, with schemas as node indexes. */
export interface CompactDefinition {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface CompactTable {
  readonly nodes: readonly CompactNode[];
  readonly kinds?: readonly CompactKind[];
  readonly definitions?: readonly CompactDefinition[];
}

/** The verbs of an ordinary built-in resource, in discovery's order. */
export const USUAL_VERBS: readonly string[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

/** FieldSchema member → short key, for members copied as they are. */
export const VALUE_KEYS = {
  type: "t",
  format: "f",
  required: "r",
  always: "w",
  omitsZero: "oz",
  enum: "e",
  default: "d",
  nullable: "z",
  intOrString: "x",
  preserveUnknown: "u",
  embeddedResource: "b",
  listType: "l",
  listMapKeys: "k",
  mapType: "m",
  patchStrategy: "s",
  patchMergeKey: "g",
  minimum: "lo",
  maximum: "hi",
  exclusiveMinimum: "xlo",
  exclusiveMaximum: "xhi",
  multipleOf: "mul",
  minLength: "ll",
  maxLength: "hl",
  minItems: "ln",
  maxItems: "hn",
  uniqueItems: "ui",
  minProperties: "lp",
  maxProperties: "hp",
  pattern: "re",
  validations: "v",
} as const;

/** Members that hold one schema. */
export const CHILD_KEYS = { items: "i", additionalProperties: "a", not: "n" } as const;

/** Members that hold a list of schemas. */
export const CHILD_LIST_KEYS = { anyOf: "any", oneOf: "one", allOf: "all" } as const;

/** `properties`: name → node index. */
export const PROPERTIES_KEY = "p";
