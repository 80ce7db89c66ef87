// Whether a value of one type may stand where another is expected, binding type parameters on the way. Mirrors cel-go
// checker/types.go.

import { type CelType, DYN, sameType } from "./cel-type.ts";

/** What type parameters stand for so far. */
export type Bindings = Map<string, CelType>;

/** Binds parameters when it answers true; leaves `bindings` alone when it does not. */
export function assignableAll(
  bindings: Bindings,
  given: readonly CelType[],
  wanted: readonly CelType[],
): boolean {
  // Most overloads differ in how many they take.
  if (given.length !== wanted.length) return false;
  const trial: Bindings = new Map(bindings);
  if (!allFit(trial, given, wanted)) return false;
  for (const [name, type] of trial) bindings.set(name, type);
  return true;
}

export function assignable(bindings: Bindings, given: CelType, wanted: CelType): boolean {
  return assignableAll(bindings, [given], [wanted]);
}

function allFit(bindings: Bindings, a: readonly CelType[], b: readonly CelType[]): boolean {
  return a.length === b.length && a.every((type, index) => fits(bindings, type, b[index] ?? DYN));
}

function fits(bindings: Bindings, a: CelType, b: CelType): boolean {
  if (b.is === "param") {
    const known = bindings.get(b.name);
    if (bind(bindings, a, b)) return true;
    if (known !== undefined) return false;
  }
  if (a.is === "param") return bind(bindings, b, a);
  if (isWild(a) || isWild(b)) return true;
  if (a.is === "null") return mayBeNull(b);
  if (b.is === "null") return mayBeNull(a);
  if (a.is === "type") return b.is === "type";
  const inner = innerTypes(a);
  const others = innerTypes(b);
  if (inner === undefined || others === undefined) return sameType(a, b);
  return a.is === b.is && allFit(bindings, inner, others);
}

function bind(bindings: Bindings, type: CelType, to: CelType & { readonly is: "param" }): boolean {
  if (sameType(type, to)) return true;
  const known = bindings.get(to.name);
  if (known !== undefined) {
    if (sameType(type, known)) return true;
    if (!fits(bindings, type, known)) return false;
    const general = moreGeneral(type, known);
    if (!mentions(bindings, general, to)) bindings.set(to.name, general);
    return true;
  }
  if (mentions(bindings, type, to)) return false;
  bindings.set(to.name, type);
  return true;
}

export function isWild({ is }: CelType): boolean {
  return is === "dyn" || is === "error";
}

function mayBeNull({ is }: CelType): boolean {
  return ["null", "object", "opaque", "optional", "timestamp", "duration"].includes(is);
}

function innerTypes(type: CelType): readonly CelType[] | undefined {
  if (type.is === "list") return [type.element];
  if (type.is === "map") return [type.key, type.value];
  if (type.is === "optional") return [type.content];
  return undefined;
}

export function moreGeneral(a: CelType, b: CelType): CelType {
  return isLessSpecific(a, b) ? a : b;
}

function isLessSpecific(a: CelType, b: CelType): boolean {
  if (isWild(a) || a.is === "param") return true;
  if (isWild(b) || b.is === "param") return false;
  if (a.is !== b.is) return false;
  const inner = innerTypes(a);
  const others = innerTypes(b);
  if (inner === undefined || others === undefined) return a.is === "type" || sameType(a, b);
  return inner.every((type, index) => isLessSpecific(type, others[index] ?? DYN));
}

/** The occurs check: a parameter may not stand for a type that contains it. */
function mentions(bindings: Bindings, type: CelType, wanted: CelType): boolean {
  if (sameType(type, wanted)) return true;
  if (type.is === "param") {
    const known = bindings.get(type.name);
    return known !== undefined && mentions(bindings, known, wanted);
  }
  return (innerTypes(type) ?? []).some((inner) => mentions(bindings, inner, wanted));
}

/** The type with its parameters replaced; those that stand for nothing become `dyn` when asked. */
export function substitute(bindings: Bindings, type: CelType, freeToDyn = false): CelType {
  const inner = (part: CelType): CelType => substitute(bindings, part, freeToDyn);
  if (type.is === "param") {
    const known = bindings.get(type.name);
    if (known !== undefined) return inner(known);
    return freeToDyn ? DYN : type;
  }
  if (type.is === "list") return { is: "list", element: inner(type.element) };
  if (type.is === "map") return { is: "map", key: inner(type.key), value: inner(type.value) };
  if (type.is === "optional") return { is: "optional", content: inner(type.content) };
  if (type.is === "type" && type.of !== undefined) return { is: "type", of: inner(type.of) };
  return type;
}
