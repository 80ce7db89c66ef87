// Stored objects are shared by everybody who reads them, so they are frozen all the way down.

/** Freezes a JSON value deeply. A frozen part is taken to be deeply frozen, which makes rewrites of a shared object cheap. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  if (Array.isArray(value)) {
    for (const item of value) deepFreeze(item);
  } else {
    for (const key in value) deepFreeze(value[key]);
  }
  return value;
}
