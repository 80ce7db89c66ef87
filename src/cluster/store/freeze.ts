// Stored objects are shared by everybody who reads them, so they are frozen all the way down.

/** Freezes a JSON value deeply. A frozen part is taken to be deeply frozen, which makes rewrites of a shared object cheap. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) freezePart(value[index]);
  } else {
    for (const key in value) freezePart(value[key]);
  }
  return value;
}

/** Most parts are texts and numbers. */
function freezePart(part: unknown): void {
  if (typeof part === "object" && !isNoted(part)) deepFreeze(part);
}

function isNoted(part: object | null): boolean {
  return (
    Array.isArray(part) && (part as { readonly [FREEZES_ITSELF]?: true })[FREEZES_ITSELF] === true
  );
}

/** Says of a list that it freezes itself as soon as anything can be seen of it, and must not be looked at to find out. */
export const FREEZES_ITSELF = Symbol("freezes itself");
