// The types of the language, and how cel-go prints them (common/types/types.go, checker/format.go).

export type CelType =
  | { readonly is: "dyn" | "error" | "null" | "bool" | "int" | "uint" | "double" | "string" }
  | { readonly is: "bytes" | "timestamp" | "duration" }
  | { readonly is: "list"; readonly element: CelType }
  | { readonly is: "map"; readonly key: CelType; readonly value: CelType }
  | { readonly is: "optional"; readonly content: CelType }
  | { readonly is: "type"; readonly of?: CelType }
  | { readonly is: "opaque"; readonly name: string }
  | ObjectType
  /** A variable of a function's signature, or of an empty literal. */
  | { readonly is: "param"; readonly name: string };

/** An object with declared fields; asked for a field only when an expression names it. */
export interface ObjectType {
  readonly is: "object";
  readonly name: string;
  field(name: string): CelType | undefined;
}

const scalar = <Name extends string>(is: Name): { readonly is: Name } => ({ is });

export const DYN = scalar("dyn");
export const ERROR = scalar("error");
export const NULL = scalar("null");
export const BOOL = scalar("bool");
export const INT = scalar("int");
export const UINT = scalar("uint");
export const DOUBLE = scalar("double");
export const STRING = scalar("string");
export const BYTES = scalar("bytes");
export const TIMESTAMP = scalar("timestamp");
export const DURATION = scalar("duration");

export const listOf = (element: CelType): CelType => ({ is: "list", element });
export const mapOf = (key: CelType, value: CelType): CelType => ({ is: "map", key, value });
export const optionalOf = (content: CelType): CelType => ({ is: "optional", content });
export const opaque = (name: string): CelType => ({ is: "opaque", name });
export const typeOf = (of: CelType): CelType => ({ is: "type", of });
export const param = (name: string): CelType => ({ is: "param", name });

/** An object type with all its fields known at once. */
export function objectType(name: string, fields: Readonly<Record<string, CelType>>): ObjectType {
  return {
    is: "object",
    name,
    field: (field) => (Object.hasOwn(fields, field) ? fields[field] : undefined),
  };
}

export function formatType(type: CelType): string {
  switch (type.is) {
    case "dyn":
    case "null":
    case "bool":
    case "int":
    case "uint":
    case "double":
    case "string":
    case "bytes":
      return type.is;
    case "error":
      return "!error!";
    case "timestamp":
      return "google.protobuf.Timestamp";
    case "duration":
      return "google.protobuf.Duration";
    case "list":
      return `list(${formatType(type.element)})`;
    case "map":
      return `map(${formatType(type.key)}, ${formatType(type.value)})`;
    case "optional":
      return `optional_type(${formatType(type.content)})`;
    case "type":
      return type.of === undefined ? "type" : `type(${formatType(type.of)})`;
    case "opaque":
    case "object":
    case "param":
      return type.name;
  }
}

export function sameType(a: CelType, b: CelType): boolean {
  return a === b || (a.is === b.is && formatType(a) === formatType(b));
}

/** Reads a type from a signature: `list<T>`, `map<string, dyn>`, `optional<int>`; one capital letter is a parameter. */
export function readType(text: string): CelType {
  const open = text.indexOf("<");
  if (open < 0) return namedType(text);
  const inner = splitArguments(text.slice(open + 1, -1)).map(readType);
  const [first = DYN, second = DYN] = inner;
  switch (text.slice(0, open)) {
    case "list":
      return listOf(first);
    case "map":
      return mapOf(first, second);
    case "optional":
      return optionalOf(first);
    default:
      return typeOf(first);
  }
}

const SCALARS: Readonly<Record<string, CelType>> = {
  dyn: DYN,
  null: NULL,
  bool: BOOL,
  int: INT,
  uint: UINT,
  double: DOUBLE,
  string: STRING,
  bytes: BYTES,
  timestamp: TIMESTAMP,
  duration: DURATION,
  type: { is: "type" },
};

function namedType(name: string): CelType {
  return SCALARS[name] ?? (/^[A-Z]$/.test(name) ? param(name) : opaque(name));
}

/** At the commas that are in no brackets. */
export function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const letter = text[at];
    if (letter === "<") depth += 1;
    else if (letter === ">") depth -= 1;
    else if ((letter === "," && depth === 0) || letter === undefined) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return parts.filter((part) => part !== "");
}
