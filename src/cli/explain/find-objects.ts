// Finds what `deployment/storefront` means: a kind as kubectl accepts it (plural, singular or short name), and a name.

import { didYouMean } from "../../core/index.ts";
import type { Compiled, CompiledObject, CompiledTarget } from "../../model/index.ts";
import { builtinKinds } from "../../kubernetes/index.ts";
import { UsageError } from "../usage-error.ts";

/** The same object on the clusters that have it. */
export interface FoundObject {
  readonly target: CompiledTarget;
  readonly compiled: CompiledObject;
}

export function findObjects(
  thing: string,
  namespace: string | undefined,
  { targets }: Compiled,
): readonly FoundObject[] {
  const slash = thing.indexOf("/");
  const [word, name] = [thing.slice(0, slash).toLowerCase(), thing.slice(slash + 1)];
  const all = targets.flatMap((target) => target.objects.map((compiled) => ({ target, compiled })));
  const ofKind = all.filter(({ compiled }) => kindWords(compiled).includes(word));
  const found = ofKind.filter(
    ({ compiled: { object } }) =>
      object.metadata.name === name &&
      (namespace === undefined || object.metadata.namespace === namespace),
  );
  if (found.length === 0) throw notFound(thing, namespace, ofKind);
  const namespaces = new Set(found.map(({ compiled }) => compiled.object.metadata.namespace));
  if (namespaces.size > 1) {
    const names = [...namespaces].join(", ");
    throw new UsageError(`${thing} exists in ${names}`, "choose one with -n");
  }
  return found;
}

function kindWords({ object: { apiVersion, kind } }: CompiledObject): readonly string[] {
  const lower = kind.toLowerCase();
  const facts = builtinKinds().find(apiVersion, kind);
  if (facts === undefined) return [lower, `${lower}s`];
  return [lower, facts.resource, facts.singular, ...facts.shortNames];
}

function notFound(
  thing: string,
  namespace: string | undefined,
  ofKind: readonly FoundObject[],
): UsageError {
  const names = [...new Set(ofKind.map(({ compiled }) => compiled.object.metadata.name))];
  const name = thing.slice(thing.indexOf("/") + 1);
  const place = namespace === undefined ? "" : ` in ${namespace}`;
  const hint = names.length === 0 ? "no object of that kind is written" : didYouMean(name, names);
  return new UsageError(`there is no ${thing}${place}`, hint);
}
