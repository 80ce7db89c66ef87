// What one decoding carries along: where it is, and what it found that does not fit.

import type { FieldSchema } from "../../../kubernetes/index.ts";

export interface TypeMismatch {
  /** `spec.containers[0].image`. */
  readonly path: string;
  readonly actual: string;
  readonly value: unknown;
  readonly schema: FieldSchema;
}

export interface DecodeWalk {
  readonly path: (string | number)[];
  /** Paths of fields the schema does not know, in the order of the document. */
  readonly unknown: string[];
  /** The first value of a wrong type ends decoding in Go; later ones are not reported. */
  readonly mismatched: TypeMismatch[];
}

export function startWalk(...path: readonly (string | number)[]): DecodeWalk {
  return { path: [...path], unknown: [], mismatched: [] };
}

/** Kubernetes' print form of where the walk is. */
export function walkPath({ path }: DecodeWalk): string {
  let text = "";
  for (const element of path) {
    if (typeof element === "number") text += `[${element}]`;
    else text += text === "" ? element : `.${element}`;
  }
  return text;
}

export function noteMismatch(walk: DecodeWalk, value: unknown, schema: FieldSchema): undefined {
  const plain = typeof value === "boolean" ? "bool" : typeof value;
  const actual = Array.isArray(value) ? "array" : plain;
  walk.mismatched.push({ path: walkPath(walk), actual, value, schema });
  return undefined;
}

export function hasFaults({ unknown, mismatched }: DecodeWalk): boolean {
  return unknown.length > 0 || mismatched.length > 0;
}
