// Positions in a TypeScript definition, read from its syntax and never by running it. Literals are exact; constants, spreads
// and helper calls of the same file are followed; what is computed is near.

import type * as BabelParser from "@babel/parser";
import type { Expression, File, Node, ObjectExpression, ObjectProperty } from "@babel/types";
import type { Path, PathElement } from "../../core/index.ts";
import { constantsOf, rootOf, unwrap, type Constants } from "./typescript-syntax.ts";
import type { LoadParser, Place, Places } from "./places.ts";

const NOWHERE: Places = { valueAt: () => undefined, keyAt: () => undefined };

export function typescriptPlaces(text: string, load: LoadParser): Places {
  const file = parse(text, load("@babel/parser") as typeof BabelParser);
  const root = file && rootOf(file.program);
  if (file === undefined || root === undefined) return NOWHERE;
  const finder = createFinder(constantsOf(file.program));
  return {
    valueAt: (path) => finder.find(root, path).place,
    keyAt: (path) => finder.find(root, path).key,
  };
}

function parse(text: string, parser: typeof BabelParser): File | undefined {
  try {
    return parser.parse(text, {
      sourceType: "module",
      plugins: ["typescript"],
      errorRecovery: true,
    });
  } catch {
    // Whoever evaluates the file reports the mistake, with its position.
    return undefined;
  }
}

interface Found {
  readonly place: Place | undefined;
  readonly key: Place | undefined;
}

/** Where one step of a path leads; `undefined` when nothing is written for it. */
interface Step {
  readonly value: Node;
  readonly key?: Node;
  /** The value is somewhere in here, but not written as such. */
  readonly computed?: boolean;
}

/** Chains of constants longer than this go round in circles. */
const DEPTH_MAX = 50;

function createFinder(constants: Constants): { find(root: Node, path: Path): Found } {
  /** Through wrappers, constants and members of constants, to what is written. */
  const resolve = (node: Node, depth = 0): Node => {
    const inner = unwrap(node);
    if (depth > DEPTH_MAX) return inner;
    if (inner.type === "Identifier") {
      const value = constants.get(inner.name);
      return value === undefined ? inner : resolve(value, depth + 1);
    }
    if (inner.type !== "MemberExpression" && inner.type !== "OptionalMemberExpression")
      return inner;
    const member = memberName(inner);
    const step = member === undefined ? undefined : child(resolve(inner.object, depth + 1), member);
    return step === undefined || step.computed === true ? inner : resolve(step.value, depth + 1);
  };

  const child = (node: Node, element: PathElement): Step | undefined => {
    if (node.type === "ObjectExpression") return inObject(node, element);
    if (node.type === "ArrayExpression") return inArray(node.elements, element);
    if (node.type === "CallExpression" || node.type === "NewExpression") {
      return inArguments(node.arguments, element);
    }
    return undefined;
  };

  /** Later properties win, as they do when the object is made. A computed key may be any, so it is the last resort. */
  const inObject = (object: ObjectExpression, element: PathElement): Step | undefined => {
    if (typeof element === "object") return undefined;
    let unnamed: Step | undefined;
    for (const property of object.properties.toReversed()) {
      if (property.type === "SpreadElement") {
        const spread = resolve(property.argument);
        const step = child(spread, element);
        if (step !== undefined) return step;
        if (spread.type !== "ObjectExpression") return { value: property, computed: true };
        continue;
      }
      const name = keyName(property);
      if (name === undefined) unnamed ??= { value: property, computed: true };
      if (name !== String(element)) continue;
      const { key } = property;
      if (property.type === "ObjectProperty") return { value: property.value, key };
      return { value: property, key, computed: true };
    }
    return unnamed;
  };

  const inArray = (elements: readonly (Node | null)[], element: PathElement): Step | undefined => {
    const items = itemsOf(elements);
    if (typeof element === "number") {
      const before = items.slice(0, element + 1).find((item) => item?.type === "SpreadElement");
      const item = before ?? items[element];
      if (!item) return undefined;
      return before === undefined ? { value: item } : { value: item, computed: true };
    }
    if (typeof element === "string") return undefined;
    const found = items.find((item) => item && hasKeys(resolve(item), element));
    return found ? { value: found } : undefined;
  };

  /** With the items of spread literals in their place. */
  const itemsOf = (elements: readonly (Node | null)[]): readonly (Node | null)[] =>
    elements.flatMap((item) => {
      if (item?.type !== "SpreadElement") return [item];
      const spread = resolve(item.argument);
      return spread.type === "ArrayExpression" ? itemsOf(spread.elements) : [item];
    });

  const hasKeys = (node: Node, keys: Readonly<Record<string, unknown>>): boolean =>
    Object.entries(keys).every(([key, wanted]) => {
      const step = child(node, key);
      const value = step === undefined ? undefined : resolve(step.value);
      return value !== undefined && "value" in value && value.value === wanted;
    });

  /** A helper returns its record argument with a tag, so paths go through the call. */
  const inArguments = (list: readonly Node[], element: PathElement): Step | undefined => {
    for (const argument of list) {
      const value = resolve(argument);
      if (value.type !== "ObjectExpression") continue;
      const step = inObject(value, element);
      if (step !== undefined) return step;
    }
    return undefined;
  };

  const find = (root: Node, path: Path): Found => {
    let value = resolve(root);
    let key: Node | undefined;
    for (const element of path) {
      const step = child(value, element);
      if (step === undefined || step.computed === true) {
        return { place: placeOf(step?.value ?? value, true), key: undefined };
      }
      value = resolve(step.value);
      key = step.key;
    }
    return { place: placeOf(value, isComputed(value)), key: key && placeOf(key, false) };
  };
  return { find };
}

function placeOf({ start, end }: Node, near: boolean): Place | undefined {
  if (typeof start !== "number" || typeof end !== "number") return undefined;
  return { start, end, ...(near ? { near } : {}) };
}

/** Whether a value is made from others rather than written down. A call is where a helper's value is written. */
function isComputed(node: Node): boolean {
  if (node.type === "TemplateLiteral") return node.expressions.length > 0;
  if (node.type === "UnaryExpression") return isComputed(node.argument);
  return !LITERALS.has(node.type);
}

const LITERALS: ReadonlySet<string> = new Set([
  "ArrayExpression",
  "BooleanLiteral",
  "CallExpression",
  "NullLiteral",
  "NumericLiteral",
  "ObjectExpression",
  "StringLiteral",
]);

/** The name of a property, when it is written down. */
function keyName(property: Pick<ObjectProperty, "key" | "computed">): string | undefined {
  const { key, computed } = property;
  if (key.type === "Identifier" && !computed) return key.name;
  if (key.type === "StringLiteral" || key.type === "NumericLiteral") return String(key.value);
  if (key.type !== "TemplateLiteral" || key.expressions.length > 0) return undefined;
  return key.quasis[0]?.value.cooked ?? undefined;
}

function memberName(node: {
  readonly property: Expression | Node;
  readonly computed: boolean;
}): PathElement | undefined {
  const { property, computed } = node;
  if (property.type === "Identifier" && !computed) return property.name;
  if (property.type === "StringLiteral" || property.type === "NumericLiteral")
    return property.value;
  return undefined;
}
