// What is known of a kind: names, scope, fields, list and patch keys, printer columns. The built-in kinds come from
// generated fact tables, custom kinds from a CustomResourceDefinition; both end up in this one shape.

/** A structural schema, close to OpenAPI v3 in Kubernetes' dialect; references are resolved lazily by the registry. */
export interface FieldSchema {
  /** Live custom kinds only: fact tables hold no prose. */
  readonly description?: string;
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  /** `int32`, `int64`, `double`, `byte`, `date-time`, `quantity`, `int-or-string` … */
  readonly format?: string;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  /** Built-in kinds only: members that are structs in Go, which writes them even when they are empty. */
  readonly always?: readonly string[];
  /** Built-in kinds only: scalar members that Go leaves out when they are zero (`""`, 0, false). */
  readonly omitsZero?: readonly string[];
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
  /** True when `minimum` itself is refused; likewise `exclusiveMaximum`. */
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  /** CEL rules (`x-kubernetes-validations`), in the order they are published. */
  readonly validations?: readonly ValidationRule[];
  readonly anyOf?: readonly FieldSchema[];
  readonly oneOf?: readonly FieldSchema[];
  readonly allOf?: readonly FieldSchema[];
  readonly not?: FieldSchema;
}

/** One CEL rule of a custom kind; `self` is the value that carries it. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly priority?: number;
  readonly format?: string;
  /** As for fields: only what a client applied. */
  readonly description?: string;
}

/** One subresource as discovery lists it; the kind is that of the body it takes or answers. */
export interface SubresourceFacts {
  readonly name: string;
  readonly verbs: readonly string[];
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Where `scale` of a custom kind reads and writes, as JSON paths such as `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** What only a kind that comes from a CustomResourceDefinition has. */
export interface CustomKindFacts {
  /** `plural.group`. */
  readonly definition: string;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly scale?: ScalePaths;
  readonly selectableFields?: readonly string[];
}

/** One kind in one version, as the API serves it. */
export interface KindFacts {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  /** Plural, lower-case; empty for the body of a subresource, which has no collection of its own. */
  readonly resource: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** `status`, `scale`, `log` … */
  readonly subresources: readonly string[];
  /** The same subresources with their verbs and kinds, in the same order. */
  readonly subresourceFacts?: readonly SubresourceFacts[];
  readonly schema: FieldSchema;
  /** Custom kinds only; built-in columns live with the table printer. */
  readonly columns?: readonly PrinterColumn[];
  /** Present exactly for custom kinds: their schema is structural, so it prunes and defaults. */
  readonly custom?: CustomKindFacts;
}

/** Looks kinds up by apiVersion and kind. */
export interface KindRegistry {
  /** Also finds the bodies of subresources (`Scale`, `Eviction`, `TokenRequest` …), which `all` leaves out. */
  find(apiVersion: string, kind: string): KindFacts | undefined;
  /** In discovery order: groups by priority, versions by preference, resources by name. */
  all(): readonly KindFacts[];
}
