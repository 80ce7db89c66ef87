// What the handlers take: a request after the transport has parsed it and before anything has been decided.

import type { Caller } from "../caller.ts";
import type { FieldValidation } from "../decoding/decode-object.ts";
import type { Resource } from "../resource.ts";

/** A collection, or one object of it when a name is given. */
export interface ResourceTarget {
  readonly resource: Resource;
  /** Undefined for cluster-scoped resources, and for a list over all namespaces. */
  readonly namespace: string | undefined;
  readonly caller: Caller;
}

export interface ObjectTarget extends ResourceTarget {
  readonly name: string;
}

export interface WriteSettings {
  readonly dryRun: boolean;
  readonly fieldManager: string | undefined;
  readonly fieldValidation: FieldValidation;
  /** Empty for the object itself. */
  readonly subresource: string;
}

export const PLAIN_WRITE: WriteSettings = {
  dryRun: false,
  fieldManager: undefined,
  fieldValidation: "Warn",
  subresource: "",
};

export interface CreateRequest extends ResourceTarget, WriteSettings {
  readonly body: unknown;
  /** Duplicate keys found while parsing the body. */
  readonly duplicates?: readonly string[];
}

export interface UpdateRequest extends ObjectTarget, WriteSettings {
  readonly body: unknown;
  readonly duplicates?: readonly string[];
}

/** A write says whether it made the object, because HTTP answers 201 then. */
export interface WriteResult<T> {
  readonly outcome: "created" | "configured" | "unchanged";
  readonly object: T;
}
