// Where in the schema a part of an expression reads: a variable, then fields, `@items`, `@keys` and `@values`. Paths grow as Go's slices
// do: two that grow from one path may write to the same place, and then both end with the later name. The estimates of a real server
// depend on that (cel-go checker/cost.go appends to the paths it keeps).

export interface FieldPath {
  /** May be longer than the path, and shared with others. */
  readonly slots: string[];
  readonly length: number;
  readonly capacity: number;
}

export function pathOf(variable: string): FieldPath {
  return { slots: [variable], length: 1, capacity: 1 };
}

export function append(path: FieldPath | undefined, name: string): FieldPath {
  if (path === undefined) return pathOf(name);
  const { slots, length, capacity } = path;
  if (length < capacity) {
    slots[length] = name;
    return { slots, length: length + 1, capacity };
  }
  // Go's runtime doubles a slice of this size (runtime/slice.go nextslicecap).
  return { slots: [...slots.slice(0, length), name], length: length + 1, capacity: capacity * 2 };
}

export function namesOf({ slots, length }: FieldPath): readonly string[] {
  return slots.slice(0, length);
}
