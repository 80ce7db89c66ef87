// The syntax tree of an expression. Positions are offsets into the source, at the places where cel-go reports them: an operator
// at its sign, a call at its parenthesis, a field at its dot. Macros are nodes of their own instead of expanded loops.

import type { CelValue } from "../values/value.ts";

export type Node =
  | LiteralNode
  | IdentNode
  | SelectNode
  | CallNode
  | ListNode
  | MapNode
  | StructNode
  | PresenceNode
  | ComprehensionNode
  | OptionalMapNode
  | SortByNode;

interface Placed {
  readonly at: number;
}

export interface LiteralNode extends Placed {
  readonly is: "literal";
  readonly value: CelValue;
}

export interface IdentNode extends Placed {
  readonly is: "ident";
  readonly name: string;
}

export interface SelectNode extends Placed {
  readonly is: "select";
  readonly operand: Node;
  readonly field: string;
  readonly optional: boolean;
}

/** Operators are calls of functions such as `_+_`, as in cel-go's messages. */
export interface CallNode extends Placed {
  readonly is: "call";
  readonly name: string;
  readonly target?: Node;
  readonly args: readonly Node[];
}

export interface Element {
  readonly value: Node;
  readonly optional: boolean;
}

export interface ListNode extends Placed {
  readonly is: "list";
  readonly elements: readonly Element[];
}

export interface MapNode extends Placed {
  readonly is: "map";
  readonly entries: readonly (Element & { readonly key: Node })[];
}

export interface StructNode extends Placed {
  readonly is: "struct";
  readonly name: string;
  readonly fields: readonly (Element & { readonly name: string; readonly at: number })[];
}

export interface PresenceNode extends Placed {
  readonly is: "has";
  readonly operand: Node;
  readonly field: string;
}

export type Comprehension =
  | "all"
  | "exists"
  | "existsOne"
  | "filter"
  | "map"
  | "transformMap"
  | "transformMapEntry";

export interface ComprehensionNode extends Placed {
  readonly is: "comprehension";
  readonly kind: Comprehension;
  readonly range: Node;
  /** One variable, or two: key or index, and value. */
  readonly variables: readonly string[];
  readonly condition?: Node;
  readonly result?: Node;
}

/** `target.optMap(v, e)` and `target.optFlatMap(v, e)`. */
export interface OptionalMapNode extends Placed {
  readonly is: "optMap";
  readonly flat: boolean;
  readonly target: Node;
  readonly variable: string;
  readonly result: Node;
}

export interface SortByNode extends Placed {
  readonly is: "sortBy";
  readonly target: Node;
  readonly variable: string;
  readonly key: Node;
}
