// What is known of a kind: names, scope, fields, list and patch keys, printer columns. The built-in kinds come from
// generated fact tables, custom kinds from a CustomResourceDefinition; both end up in this one shape.

/** A structural schema, close to OpenAPI v3 in Kubernetes' dialect; references are resolved lazily by the registry. */
export interface FieldSchema {
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  /** `int32`, `int64`, `double`, `byte`, `date-time`, `quantity`, `int-or-string` … */
  readonly format?: string;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly items?: FieldSchema;
  /** Values of a map with free keys. */
  readonly additionalProperties?: FieldSchema;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly intOrString?: boolean;
  readonly preserveUnknown?: boolean;
  /** The value is a whole Kubernetes object (`x-kubernetes-embedded-resource`). */
  readonly embeddedResource?: boolean;
  readonly listType?: "atomic" | "set" | "map";
  readonly listMapKeys?: readonly string[];
  readonly mapType?: "atomic" | "granular";
  /** `merge`, `replace`, `retainKeys` or a combination, for strategic merge patch. */
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly anyOf?: readonly FieldSchema[];
  readonly oneOf?: readonly FieldSchema[];
  readonly allOf?: readonly FieldSchema[];
  readonly not?: FieldSchema;
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly priority?: number;
  readonly format?: string;
}

/** One kind in one version, as the API serves it. */
export interface KindFacts {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  /** Plural, lower-case. */
  readonly resource: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** `status`, `scale`, `log` … */
  readonly subresources: readonly string[];
  readonly schema: FieldSchema;
  /** Custom kinds only; built-in columns live with the table printer. */
  readonly columns?: readonly PrinterColumn[];
}

/** Looks kinds up by apiVersion and kind. */
export interface KindRegistry {
  find(apiVersion: string, kind: string): KindFacts | undefined;
  all(): readonly KindFacts[];
}
