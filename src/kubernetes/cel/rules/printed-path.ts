// Paths as field errors print them (apimachinery pkg/util/validation/field): the root itself has no name.

export const NO_PATH = "<nil>";

export function memberPath(path: string, name: string): string {
  return path === NO_PATH ? name : `${path}.${name}`;
}
