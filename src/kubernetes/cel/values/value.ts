// What an expression computes with. JSON-like values are JavaScript's own, with two exceptions: `int` is a bigint, a number is
// always a `double`. Records of JSON are wrapped and converted member by member when an expression asks for them.

import type { CelType } from "../check/cel-type.ts";

export type CelValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | CelUint
  | CelTimestamp
  | CelDuration
  | CelTypeValue
  | CelOptional
  | CelMap
  | CelOpaque
  | readonly CelValue[];

/** Evaluation failed. `&&`, `||` and the quantifiers may absorb it. */
export class CelError extends Error {
  override readonly name = "CelError";
}

/** Evaluation was stopped because it costs too much; nothing absorbs that. */
export class CelCostError extends Error {
  override readonly name = "CelCostError";

  constructor() {
    super("operation cancelled: actual cost limit exceeded");
  }
}

export class CelUint {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

export class CelTimestamp {
  /** Since 1970. */
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

export class CelDuration {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** What `type(x)` answers, and what `int` or `string` stand for in an expression. */
export class CelTypeValue {
  readonly type: CelType;

  constructor(type: CelType) {
    this.type = type;
  }
}

export class CelOptional {
  static readonly none = new CelOptional(undefined);
  readonly content: CelValue | undefined;

  constructor(content: CelValue | undefined) {
    this.content = content;
  }
}

/** A value of a library type: quantities, addresses, URLs, authorizers. */
export abstract class CelOpaque {
  abstract readonly typeName: string;

  /** Identity unless a library says otherwise. */
  equals(other: CelOpaque): boolean {
    return this === other;
  }
}

/** A map, or an object with declared fields (`typeName`). */
export abstract class CelMap {
  /** The name of an object's type; a map has none. */
  readonly typeName: string | undefined;

  constructor(typeName?: string) {
    this.typeName = typeName;
  }

  abstract get(key: CelValue): CelValue | undefined;
  abstract has(key: CelValue): boolean;
  abstract keys(): readonly CelValue[];

  get size(): number {
    return this.keys().length;
  }
}

/** A map with keys of any kind, as expressions build it. */
export class CelEntries extends CelMap {
  readonly #entries = new Map<string, readonly [CelValue, CelValue]>();

  constructor(entries: Iterable<readonly [CelValue, CelValue]> = []) {
    super();
    for (const [key, value] of entries) this.#entries.set(keyText(key), [key, value]);
  }

  override get(key: CelValue): CelValue | undefined {
    return this.#entries.get(keyText(key))?.[1];
  }

  override has(key: CelValue): boolean {
    return this.#entries.has(keyText(key));
  }

  override keys(): readonly CelValue[] {
    return [...this.#entries.values()].map(([key]) => key);
  }
}

/** A JSON record; how a member becomes a value is its maker's business. */
export class CelRecord extends CelMap {
  readonly record: Readonly<Record<string, unknown>>;
  readonly #read: (key: string, value: unknown) => CelValue;

  constructor(
    record: Readonly<Record<string, unknown>>,
    read: (key: string, value: unknown) => CelValue,
    typeName?: string,
  ) {
    super(typeName);
    this.record = record;
    this.#read = read;
  }

  override get(key: CelValue): CelValue | undefined {
    if (typeof key !== "string" || !Object.hasOwn(this.record, key)) return undefined;
    const value = this.record[key];
    return value === undefined ? undefined : this.#read(key, value);
  }

  override has(key: CelValue): boolean {
    return (
      typeof key === "string" && this.record[key] !== undefined && Object.hasOwn(this.record, key)
    );
  }

  override keys(): readonly CelValue[] {
    return Object.keys(this.record).filter((key) => this.record[key] !== undefined);
  }
}

/** Numbers that are equal are the same key, whatever their kind. */
function keyText(key: CelValue): string {
  if (typeof key === "string") return `s${key}`;
  if (typeof key === "bigint") return `n${key}`;
  if (key instanceof CelUint) return `n${key.value}`;
  if (typeof key === "number") return `n${Object.is(key, -0) ? 0 : key}`;
  if (typeof key === "boolean") return `b${key}`;
  throw new CelError("unsupported key type");
}
