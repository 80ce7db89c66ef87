// What the node pools of managed clusters have in common: a floor, a ceiling, a machine type and the zones they spread over.

import { invariant } from "../../core/index.ts";
import {
  integer,
  object,
  string,
  type NodeGroup,
  type Schema,
  type Format,
} from "../../model/index.ts";

export interface NodePool {
  /** Nodes there always are. */
  min: number;
  /** Nodes there may be when pods do not fit. */
  max: number;
  /** Machine type in the provider's words. */
  size: string;
}

export interface MachineSize {
  readonly cpu: string;
  readonly memory: string;
}

/** Undefined for a type whose name does not say what it holds. */
export type SizeOf = (type: string) => MachineSize | undefined;

/** `expected` names the types `sizeOf` reads, with an example. */
export function nodePoolSchema(expected: string, sizeOf: SizeOf): Schema<NodePool> {
  const format: Format = {
    expected,
    problem: (text) => (sizeOf(text) === undefined ? "" : undefined),
    jsonSchema: { minLength: 1 },
  };
  return object<NodePool>({
    min: integer({ min: 1, max: 1000 }),
    max: integer({ min: 1, max: 1000 }),
    size: string(format),
  });
}

/** The pool at its floor, which is what must suffice. */
export function workersOf(
  { min, max, size }: NodePool,
  zones: number,
  sizeOf: SizeOf,
): NodeGroup[] {
  const found = sizeOf(size);
  invariant(found, `the schema accepted ${size}`);
  return [
    {
      name: "workers",
      role: "worker",
      count: min,
      ...(max > min ? { max } : {}),
      ...found,
      zones: zoneNames(zones),
    },
  ];
}

/** Suffixes of a region's name: `a` of `eu-central-1a`. */
function zoneNames(count: number): string[] {
  return ["a", "b", "c", "d", "e", "f"].slice(0, count);
}
