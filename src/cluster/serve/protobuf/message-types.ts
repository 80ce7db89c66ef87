// The messages of built-in kinds: field numbers, JSON names and types, and the names OpenAPI gives them.

import { MESSAGE_TYPE_FACTS } from "./message-types.facts.ts";

export type ScalarType = "s" | "b" | "i" | "d" | "y";

export interface FieldType {
  readonly number: number;
  /** Empty when the members of the field's message stand in the parent's JSON. */
  readonly name: string;
  readonly arity: "one" | "list" | "map";
  /** A pointer in Go: its zero value is a value. */
  readonly isPointer: boolean;
  /** A scalar, or the index of a message. */
  readonly value: ScalarType | number;
}

export interface MessageType {
  /** `io.k8s.api.apps.v1.Deployment`. */
  readonly definition: string;
  readonly fields: readonly FieldType[];
}

interface MessageTable {
  readonly kinds: readonly (readonly [string, string, number])[];
  readonly messages: readonly (readonly [string, ...(readonly [number, string, string])[]])[];
}

let table: MessageTable | undefined;
const kinds = new Map<string, number>();
const read = new Map<number, MessageType>();

/** The facts are parsed when the first body or document needs them. */
function facts(): MessageTable {
  if (table !== undefined) return table;
  // The text is ours: the generator writes it.
  table = JSON.parse(MESSAGE_TYPE_FACTS) as MessageTable;
  for (const [apiVersion, kind, index] of table.kinds) kinds.set(`${apiVersion}/${kind}`, index);
  return table;
}

export function messageType(index: number): MessageType {
  const known = read.get(index);
  if (known !== undefined) return known;
  const [definition = "", ...fields] = facts().messages[index] ?? [];
  const type = { definition, fields: fields.map(fieldType) };
  read.set(index, type);
  return type;
}

/** Undefined for kinds that travel as JSON only. */
export function messageOfKind(apiVersion: string, kind: string): MessageType | undefined {
  facts();
  // Clients name their own group version on options, whatever group those belong to.
  const name = kind === "DeleteOptions" ? `v1/${kind}` : `${apiVersion}/${kind}`;
  const index = kinds.get(name);
  return index === undefined ? undefined : messageType(index);
}

const FORM = /^([?*%]?)(\w+)$/;
const ARITIES: Readonly<Record<string, FieldType["arity"]>> = { "*": "list", "%": "map" };

function fieldType([number, name, text]: readonly [number, string, string]): FieldType {
  const [, mark = "", value = ""] = FORM.exec(text) ?? [];
  return {
    number,
    name,
    arity: ARITIES[mark] ?? "one",
    isPointer: mark === "?",
    value: /^\d+$/.test(value) ? Number(value) : (value as ScalarType),
  };
}
