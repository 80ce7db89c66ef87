// An expression as cel-go counts it: every macro is the loop it stands for. Each node remembers what is found out about its value.

import type { CelType } from "../check/cel-type.ts";
import type { CelValue } from "../values/value.ts";
import type { FieldPath } from "./field-path.ts";
import type { SizeRange } from "./size-range.ts";

export type CostNode =
  | LiteralNode
  | IdentNode
  | SelectNode
  | CallNode
  | ListNode
  | MapNode
  | StructNode
  | LoopNode
  | BindNode;

/** The sizes of the keys and the values of a list or map. */
export interface EntrySizes {
  readonly kind: "list" | "map";
  readonly key: SizeRange;
  readonly value: SizeRange;
}

interface Counted {
  readonly type: CelType;
  path?: FieldPath | undefined;
  size?: SizeRange;
  entries?: EntrySizes;
}

export interface LiteralNode extends Counted {
  readonly is: "literal";
  readonly value: CelValue;
}

export interface IdentNode extends Counted {
  readonly is: "ident";
  readonly name: string;
}

export interface SelectNode extends Counted {
  readonly is: "select";
  readonly operand: CostNode;
  readonly field: string;
  /** `has()` only looks whether it is there. */
  readonly isTest: boolean;
}

export interface CallNode extends Counted {
  readonly is: "call";
  readonly name: string;
  readonly target?: CostNode;
  readonly args: readonly CostNode[];
  /** The parameters of every overload it may be, the receiver of a member first. */
  readonly overloads: readonly (readonly CelType[])[];
}

export interface ListNode extends Counted {
  readonly is: "list";
  readonly elements: readonly CostNode[];
}

export interface MapNode extends Counted {
  readonly is: "map";
  readonly pairs: readonly (readonly [key: CostNode, value: CostNode])[];
}

export interface StructNode extends Counted {
  readonly is: "struct";
  readonly values: readonly CostNode[];
}

/** `accumulator = start; for (variables in range) if (condition) accumulator = step; return result`. */
export interface LoopNode extends Counted {
  readonly is: "loop";
  readonly range: CostNode;
  readonly variables: readonly string[];
  readonly start: CostNode;
  readonly condition: CostNode;
  readonly step: CostNode;
  readonly result: CostNode;
}

/** `variable = value; return result`. */
export interface BindNode extends Counted {
  readonly is: "bind";
  readonly variable: string;
  readonly value: CostNode;
  readonly result: CostNode;
}
