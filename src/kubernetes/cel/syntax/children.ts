// What is directly inside a node, in the order it is written.

import type { Node } from "./node.ts";

export function childrenOf(node: Node): readonly Node[] {
  switch (node.is) {
    case "literal":
    case "ident":
      return [];
    case "select":
    case "has":
      return [node.operand];
    case "call":
      return node.target === undefined ? node.args : [node.target, ...node.args];
    case "list":
      return node.elements.map(({ value }) => value);
    case "map":
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case "struct":
      return node.fields.map(({ value }) => value);
    case "comprehension":
      return [node.range, node.condition, node.result].filter((child) => child !== undefined);
    case "optMap":
      return [node.target, node.result];
    case "sortBy":
      return [node.target, node.key];
  }
}
