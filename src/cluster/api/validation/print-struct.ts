// Values of Kubernetes' internal types inside error messages: those types carry no JSON names, so that Go writes every
// field under its own name, and what is not set as nothing.

import { isRecord } from "../../../core/index.ts";

type Scope = Readonly<Record<string, unknown>>;

/**
 * Field of the Go type, in its order → what it is when it is not set: a scalar, null for pointers, lists and maps, a shape for a
 * struct, a list of one shape for a list of structs, `pointerTo` a shape.
 */
export interface StructShape {
  readonly [field: string]: FieldShape;
}

type FieldShape = string | number | boolean | null | StructShape | readonly [StructShape] | Pointer;

export interface Pointer {
  readonly pointee: () => StructShape;
}

export function pointerTo(shape: StructShape): Pointer {
  return { pointee: () => shape };
}

/** What `JSON.stringify` writes as Go does. */
export function printStruct(shape: StructShape, value: Scope): Scope {
  return Object.fromEntries(
    Object.entries(shape).map(([name, field]) => [name, printField(field, value[jsonName(name)])]),
  );
}

function printField(shape: FieldShape, value: unknown): unknown {
  if (shape === null || typeof shape !== "object") return sorted(value ?? shape);
  // Decoding has established what a field of such a type holds.
  if (isList(shape)) {
    const items = value as readonly Scope[] | null | undefined;
    return items?.map((item) => printStruct(shape[0], item)) ?? null;
  }
  const part = value as Scope | undefined;
  if (isPointer(shape)) return part === undefined ? null : printStruct(shape.pointee(), part);
  return printStruct(shape, part ?? {});
}

/** Go writes maps in the order of their keys. */
function sorted(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isList(shape: FieldShape): shape is readonly [StructShape] {
  return Array.isArray(shape);
}

function isPointer(shape: StructShape | Pointer): shape is Pointer {
  return typeof shape["pointee"] === "function";
}

/** Names that do not follow from each other. */
const JSON_NAMES: Readonly<Record<string, string>> = {
  CephFS: "cephfs",
  CephMonitors: "monitors",
  DataDiskURI: "diskURI",
  DiscoveryCHAPAuth: "chapAuthDiscovery",
  EndpointsName: "endpoints",
  ISCSIInterface: "iscsiInterface",
  RBDImage: "image",
  RBDPool: "pool",
  RadosUser: "user",
  SessionCHAPAuth: "chapAuthSession",
  StorageOS: "storageos",
  WWIDs: "wwids",
};

/** Go's names begin large, and so do whole abbreviations: `NonResourceURLs`, `APIGroups`. */
function jsonName(name: string): string {
  const known = JSON_NAMES[name];
  if (known !== undefined) return known;
  return name.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/, (head) => head.toLowerCase());
}
