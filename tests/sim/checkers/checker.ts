// What a checker sees and says. One property, one file.

import type { KindRef, KubernetesObject } from "../../../src/kubernetes/index.ts";
import type { Life } from "../life.ts";
import type { Witness } from "../witness.ts";

/** `safety` holds always; `rest` once faults and operations have stopped for long enough. */
export type Phase = "safety" | "rest";

export interface World {
  /** By kind, as a list shows them now. */
  readonly lists: ReadonlyMap<KindRef, readonly KubernetesObject[]>;
  /** All of them. */
  readonly objects: readonly KubernetesObject[];
  readonly life: Pick<Life, "cluster" | "informers">;
  readonly witness: Pick<Witness, "violations" | "mirror">;
}

export interface Checker {
  readonly name: string;
  readonly phase: Phase;
  /** Violations; none when the property holds. */
  check(world: World): readonly string[];
}

export function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
}

export function ofKind(world: World, kind: string): readonly KubernetesObject[] {
  return world.objects.filter((object) => object.kind === kind);
}

type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(object: KubernetesObject, part: "spec" | "status"): Fields {
  return (object[part] ?? {}) as Fields;
}
