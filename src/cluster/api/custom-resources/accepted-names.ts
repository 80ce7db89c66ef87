// Which of the names a definition asks for it may have, and the conditions that say so. A name is taken when another
// definition (or a built-in kind) of the same group has it. Mirrors apiextensions-apiserver pkg/controller/status.

import type { KindFacts } from "../../../kubernetes/index.ts";

export interface DefinitionNames {
  readonly plural: string;
  readonly singular?: string;
  readonly shortNames?: readonly string[];
  readonly kind: string;
  readonly listKind?: string;
  readonly categories?: readonly string[];
}

export interface NamingOutcome {
  readonly names: DefinitionNames;
  /** The last conflict found; undefined when every name is free. */
  readonly conflict: { readonly reason: string; readonly message: string } | undefined;
}

/** `others` are the kinds served in the same group by somebody else. */
export function acceptNames(asked: DefinitionNames, others: readonly KindFacts[]): NamingOutcome {
  const resources = new Set(
    others.flatMap(({ resource, singular, shortNames }) => [resource, singular, ...shortNames]),
  );
  const kinds = new Set(others.flatMap(({ kind, listKind }) => [kind, listKind]));
  let conflict: NamingOutcome["conflict"];
  const isFree = (name: string, taken: ReadonlySet<string>, what: string): boolean => {
    if (!taken.has(name)) return true;
    conflict = { reason: `${what}Conflict`, message: `${JSON.stringify(name)} is already in use` };
    return false;
  };
  const plural = isFree(asked.plural, resources, "Plural") ? asked.plural : "";
  const singular = pick(asked.singular, (name) => isFree(name, resources, "Singular"));
  const shortNames = asked.shortNames ?? [];
  const areShortNamesFree = shortNames.every((name) => isFree(name, resources, "ShortNames"));
  const kind = isFree(asked.kind, kinds, "Kind") ? asked.kind : "";
  const listKind = pick(asked.listKind, (name) => isFree(name, kinds, "ListKind"));
  const names = {
    plural,
    ...(singular === undefined ? {} : { singular }),
    ...(areShortNamesFree && shortNames.length > 0 ? { shortNames } : {}),
    kind,
    ...(listKind === undefined ? {} : { listKind }),
    ...(asked.categories === undefined ? {} : { categories: asked.categories }),
  };
  return { names, conflict };
}

function pick(name: string | undefined, isFree: (name: string) => boolean): string | undefined {
  return name !== undefined && isFree(name) ? name : undefined;
}
