// Reads data that names its component: finds the component by `kind`, then has its own schema read the rest.

import type { Path } from "../../core/index.ts";
import { setOwn } from "../../core/index.ts";
import type { AnyComponent, Registry } from "../contracts/component.ts";
import { whereItBelongs } from "../registry.ts";
import { readKind } from "../schema/choice.ts";
import type { ReadContext } from "../schema/schema.ts";

export interface TaggedPlace<Component extends AnyComponent> {
  /** In the singular: `ingress`, `database provider`. */
  readonly place: string;
  readonly candidates: readonly Component[];
  /** Keys that belong to the place and not to the component (`site` of a cluster); its schema may read them too. */
  readonly structural?: readonly string[];
}

export interface TaggedValue<Component> {
  readonly component: Component;
  readonly options: unknown;
}

export function readTagged<Component extends AnyComponent>(
  value: unknown,
  path: Path,
  { place, candidates, structural = [] }: TaggedPlace<Component>,
  registry: Registry,
  context: ReadContext,
): TaggedValue<Component> | undefined {
  const known = candidates.map(({ name }) => name);
  const belongs = (kind: string): string | undefined => whereItBelongs(registry, kind);
  const tagged = readKind(value, path, { place, known, belongs }, context);
  const component = candidates.find(({ name }) => name === tagged?.kind);
  if (tagged === undefined || component === undefined) return undefined;
  const { keys = [] } = component.options;
  const read: Record<string, unknown> = keys.includes("kind") ? { kind: tagged.kind } : {};
  for (const [key, member] of Object.entries(tagged.options)) {
    if (!structural.includes(key) || keys.includes(key)) setOwn(read, key, member);
  }
  const options = component.options.read(read, path, context);
  return options === undefined ? undefined : { component, options };
}
