// How one kind deviates from the generic handling of writes. Everything is optional; the generic handlers do the rest.
// Mirrors the seams of k8s.io/apiserver pkg/registry/rest (RESTCreateStrategy, RESTUpdateStrategy).

import type {
  Expressions,
  KubernetesObject,
  StatusCause,
  UserInfo,
} from "../../kubernetes/index.ts";
import type { ApiContext } from "./api-context.ts";
import type { DefaultRules } from "./defaults/default-rules.ts";
import type { NameRule } from "./validation/names.ts";

/** What makes `metadata.generation` grow. */
export type GenerationRule =
  /** Never set. */
  | "none"
  /** Any change outside metadata and status. */
  | "spec"
  /** Likewise, or a change of the annotations. */
  | "spec-and-annotations";

export interface Strategy {
  readonly nameRule: NameRule;
  readonly generation: GenerationRule;
  /** PUT creates what is absent. */
  readonly createOnUpdate: boolean;
  /** PUT without a resourceVersion overwrites. */
  readonly unconditionalUpdate: boolean;
  /** Writes to `/status` change no annotations, as for custom kinds. */
  readonly statusLeavesMetadata?: boolean;
  /** A new object keeps the status its creator gave it. */
  readonly keepsStatus?: boolean;
  /** Sentences for whoever writes such an object. */
  readonly warnings?: (object: KubernetesObject) => readonly string[];
  /** Fields the server fills in when they are absent. */
  readonly defaults: DefaultRules | undefined;
  /** Folds equivalent spellings into one, right after decoding (`stringData` into `data`). */
  readonly canonicalize?: (object: KubernetesObject) => KubernetesObject;
  /** Sets what clients may not choose; runs after admission. */
  readonly prepareForCreate?: (object: KubernetesObject, context: WriteContext) => KubernetesObject;
  readonly prepareForUpdate?: (
    object: KubernetesObject,
    old: KubernetesObject,
    context: WriteContext,
  ) => KubernetesObject;
  /** Sets what clients may not choose in the status. */
  readonly prepareForStatus?: (
    object: KubernetesObject,
    old: KubernetesObject,
    context: WriteContext,
  ) => KubernetesObject;
  readonly validate?: (object: KubernetesObject) => readonly StatusCause[];
  /** What only new objects are held to. */
  readonly validateCreate?: (object: KubernetesObject) => readonly StatusCause[];
  readonly validateUpdate?: (
    object: KubernetesObject,
    old: KubernetesObject,
  ) => readonly StatusCause[];
  /** Of objects of which nothing but the metadata changes, beside the rules of all metadata. */
  readonly validateMetadata?: (
    object: KubernetesObject,
    old: KubernetesObject,
  ) => readonly StatusCause[];
  readonly validateStatus?: (
    object: KubernetesObject,
    old: KubernetesObject,
  ) => readonly StatusCause[];
  /** For subresources that write a part of the object, by their name. */
  readonly parts?: Readonly<Record<string, PartStrategy>>;
  /** For kinds that do not always hold expressions, so that the language is not loaded for the others. `causes` is what was found before. */
  readonly holdsExpressions?: (
    object: KubernetesObject,
    old: KubernetesObject | undefined,
    causes: readonly StatusCause[],
  ) => boolean;
  /** For kinds that hold expressions: what the language says against them. */
  readonly validateExpressions?: (
    expressions: Expressions,
    object: KubernetesObject,
    old: KubernetesObject | undefined,
  ) => readonly StatusCause[];
  /** The object as it looks when its deletion begins; for kinds that add a finalizer of their own. */
  readonly beginDelete?: (object: KubernetesObject, context: WriteContext) => KubernetesObject;
  /** Called after the object has been stored or removed. */
  readonly afterDelete?: (object: KubernetesObject, api: ApiContext) => void;
  /** Seconds until a deleted object may vanish; undefined when it is not deleted gracefully. */
  readonly gracePeriodSeconds?: (
    object: KubernetesObject,
    asked: number | undefined,
  ) => number | undefined;
}

export interface PartStrategy {
  readonly prepare?: (
    object: KubernetesObject,
    old: KubernetesObject,
    context: WriteContext,
  ) => KubernetesObject;
  readonly validate?: (object: KubernetesObject, old: KubernetesObject) => readonly StatusCause[];
}

export interface WriteContext {
  readonly api: ApiContext;
  readonly dryRun: boolean;
  /** Who creates it. */
  readonly user?: UserInfo;
}

export const PLAIN_STRATEGY: Strategy = {
  nameRule: "subdomain",
  generation: "none",
  createOnUpdate: false,
  unconditionalUpdate: true,
  defaults: undefined,
};
