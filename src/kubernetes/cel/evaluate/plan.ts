// Turns a checked expression into functions that compute it. Errors travel as exceptions; only `&&`, `||` and the quantifiers catch
// them (cel-spec doc/langdef.md "Logical Operators").

import type { Reading } from "../check/checking.ts";
import type { Environment } from "../environment.ts";
import type {
  CallNode,
  ListNode,
  MapNode,
  Node,
  OptionalMapNode,
  SelectNode,
  SortByNode,
  StructNode,
} from "../syntax/node.ts";
import { celCompare } from "../values/equality.ts";
import { isOfType } from "../values/kinds.ts";
import {
  CelEntries,
  CelError,
  CelMap,
  CelOptional,
  CelTypeValue,
  type CelValue,
} from "../values/value.ts";
import type { Overload } from "../library/overload.ts";
import { planComprehension } from "./comprehension.ts";
import { type Frame, noSuchOverload, type Plan, type Planning, withLocal } from "./frame.ts";
import { planAnd, planChoice, planOr } from "./logic.ts";

export function planNode(
  node: Node,
  readings: ReadonlyMap<Node, Reading>,
  environment: Environment,
): Plan {
  const planning: Planning = { readings, environment, plan: (inner) => planOf(planning, inner) };
  return planning.plan(node);
}

function planOf(planning: Planning, node: Node): Plan {
  switch (node.is) {
    case "literal": {
      const { value } = node;
      return () => value;
    }
    case "ident":
      return planName(planning, node, node.name);
    case "select":
      return planSelect(planning, node);
    case "has": {
      const operand = planning.plan(node.operand);
      const { field } = node;
      return (frame) => hasField(operand(frame), field);
    }
    case "call":
      return planCall(planning, node);
    case "list":
      return planList(planning, node);
    case "map":
      return planMap(planning, node);
    case "struct":
      return planStruct(planning, node);
    case "comprehension":
      return planComprehension(planning, node);
    case "optMap":
      return planOptionalMap(planning, node);
    case "sortBy":
      return planSortBy(planning, node);
  }
}

function planName({ readings }: Planning, node: Node, name: string): Plan {
  const reading = readings.get(node);
  if (reading?.is === "type") {
    const value = new CelTypeValue(reading.type);
    return () => value;
  }
  if (reading?.is !== "variable") return (frame) => localNamed(frame, name);
  return ({ variables, evaluation }) => {
    evaluation.spend(1);
    const value = variables(reading.name);
    if (value === undefined) throw new CelError(`no such attribute(s): ${reading.name}`);
    return value;
  };
}

function localNamed({ locals, evaluation }: Frame, name: string): CelValue {
  evaluation.spend(1);
  for (let local = locals; local !== undefined; local = local.outer) {
    if (local.name === name) return local.value;
  }
  throw new CelError(`no such attribute(s): ${name}`);
}

function planSelect(planning: Planning, node: SelectNode): Plan {
  if (planning.readings.has(node)) return planName(planning, node, node.field);
  const operand = planning.plan(node.operand);
  const { field, optional } = node;
  return (frame) => {
    frame.evaluation.spend(1);
    const value = operand(frame);
    if (value instanceof CelOptional) {
      return value.content === undefined ? value : optionalField(value.content, field);
    }
    return optional ? optionalField(value, field) : fieldOf(value, field);
  };
}

function fieldOf(value: CelValue, field: string): CelValue {
  const found = value instanceof CelMap ? value.get(field) : undefined;
  if (found === undefined) throw new CelError(`no such key: ${field}`);
  return found;
}

function optionalField(value: CelValue, field: string): CelValue {
  const found = value instanceof CelMap ? value.get(field) : undefined;
  return found === undefined ? CelOptional.none : new CelOptional(found);
}

function hasField(value: CelValue, field: string): boolean {
  const target = value instanceof CelOptional ? value.content : value;
  return target instanceof CelMap && target.has(field);
}

function planCall(planning: Planning, node: CallNode): Plan {
  const args = node.args.map(planning.plan);
  if (node.name === "_&&_") return planAnd(args);
  if (node.name === "_||_") return planOr(args);
  if (node.name === "_?_:_") return planChoice(args);
  const reading = planning.readings.get(node);
  if (reading?.is !== "call") return () => noSuchOverload(node.name, []);
  const target =
    reading.withTarget && node.target !== undefined ? [planning.plan(node.target)] : [];
  return callOf(node.name, reading.overloads, [...target, ...args]);
}

function callOf(name: string, overloads: readonly Overload[], args: readonly Plan[]): Plan {
  return (frame) => {
    frame.evaluation.spend(1);
    const values = args.map((arg) => arg(frame));
    for (const overload of overloads) {
      if (overload.params.every((type, index) => isOfType(values[index] ?? null, type))) {
        return overload.run(values, frame.evaluation);
      }
    }
    return noSuchOverload(name, values);
  };
}

function planList({ plan }: Planning, { elements }: ListNode): Plan {
  const plans = elements.map(({ value, optional }) => ({ plan: plan(value), optional }));
  return (frame) => {
    frame.evaluation.spend(10);
    const made: CelValue[] = [];
    for (const element of plans) {
      const value = element.plan(frame);
      const content = element.optional ? contentOf(value) : value;
      if (content !== undefined) made.push(content);
    }
    return made;
  };
}

function contentOf(value: CelValue): CelValue | undefined {
  if (value instanceof CelOptional) return value.content;
  throw new CelError(`cannot initialize optional list element from non-optional value`);
}

function planMap({ plan }: Planning, { entries }: MapNode): Plan {
  const plans = entries.map(({ key, value, optional }) => ({
    key: plan(key),
    value: plan(value),
    optional,
  }));
  return (frame) => {
    frame.evaluation.spend(30);
    const made: [CelValue, CelValue][] = [];
    for (const entry of plans) {
      const key = entry.key(frame);
      const value = entry.value(frame);
      const content = entry.optional ? contentOf(value) : value;
      if (content !== undefined) made.push([key, content]);
    }
    return uniqueEntries(made);
  };
}

function uniqueEntries(entries: readonly (readonly [CelValue, CelValue])[]): CelEntries {
  const map = new CelEntries(entries);
  if (map.size !== entries.length) throw new CelError("Failed with repeated key");
  return map;
}

function planStruct({ plan, environment }: Planning, node: StructNode): Plan {
  const struct = environment.struct(node.name);
  const plans = node.fields.map(({ name, value, optional }) => ({
    name,
    value: plan(value),
    optional,
  }));
  return (frame) => {
    frame.evaluation.spend(40);
    const fields = new Map<string, CelValue>();
    for (const { name, value, optional } of plans) {
      const made = value(frame);
      const content = optional ? contentOf(made) : made;
      if (content !== undefined) fields.set(name, content);
    }
    return struct?.build(fields) ?? null;
  };
}

function planOptionalMap({ plan }: Planning, node: OptionalMapNode): Plan {
  const target = plan(node.target);
  const result = plan(node.result);
  return (frame) => {
    const value = target(frame);
    if (!(value instanceof CelOptional)) return noSuchOverload("optMap", [value]);
    if (value.content === undefined) return value;
    const mapped = result(withLocal(frame, node.variable, value.content));
    return node.flat ? mapped : new CelOptional(mapped);
  };
}

function planSortBy({ plan }: Planning, { target, variable, key: keyNode }: SortByNode): Plan {
  const list = plan(target);
  const key = plan(keyNode);
  return (frame) => {
    const items = list(frame);
    if (!Array.isArray(items)) return noSuchOverload("sortBy", [items]);
    const keyed = items.map((item: CelValue) => {
      frame.evaluation.spend(2);
      return { item, key: key(withLocal(frame, variable, item)) };
    });
    return keyed.sort((a, b) => orderOf(a.key, b.key)).map(({ item }) => item);
  };
}

function orderOf(a: CelValue, b: CelValue): number {
  const order = celCompare(a, b);
  if (order === undefined) throw new CelError("list elements must be comparable");
  return order;
}
