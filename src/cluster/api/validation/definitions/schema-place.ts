// A place inside a schema. A definition has thousands of them and hardly ever a fault, so they become text only when one is named.

export interface SchemaPlace {
  readonly outer?: SchemaPlace;
  /** As it is printed after the place around it: `.items`, `.properties[name]`. */
  readonly kind: string;
  readonly name?: string;
}

export function printPlace({ outer, kind, name }: SchemaPlace, member = ""): string {
  const step = name === undefined ? kind : `${kind}[${name}]`;
  return `${outer === undefined ? "" : printPlace(outer)}${step}${member}`;
}
