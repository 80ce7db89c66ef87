// Which destination and which of its endpoints get a request. Mirrors Envoy's weighted clusters, its balancers (least request: the
// less busy one of two that are drawn) and `previous_hosts`, by which an attempt avoids those before it.

import type { Rng } from "../../core/index.ts";
import type { MeshBalancing } from "../../model/index.ts";

/** Undefined where all weights are zero. */
export function chooseByWeight<T extends { readonly weight: number }>(
  choices: readonly T[],
  rng: Rng,
): T | undefined {
  const sum = choices.reduce((total, { weight }) => total + weight, 0);
  if (choices.length <= 1) return sum > 0 ? choices[0] : undefined;
  let drawn = rng.next() * sum;
  return choices.find(({ weight }) => {
    drawn -= weight;
    return weight > 0 && drawn < 0;
  });
}

export interface Loads {
  /** Requests under way to an endpoint. */
  of(id: string): number;
  /** Whose turn it is at a destination. */
  turn(key: string): number;
  begin(id: string): () => void;
}

export function createLoads(): Loads {
  const active = new Map<string, number>();
  const turns = new Map<string, number>();
  const add = (id: string, by: number): void => {
    const next = (active.get(id) ?? 0) + by;
    if (next === 0) active.delete(id);
    else active.set(id, next);
  };
  return {
    of: (id) => active.get(id) ?? 0,
    turn(key) {
      const turn = turns.get(key) ?? 0;
      turns.set(key, turn + 1);
      return turn;
    },
    begin(id) {
      add(id, 1);
      return () => add(id, -1);
    },
  };
}

export function chooseEndpoint<T extends { readonly id: string }>(
  endpoints: readonly T[],
  about: {
    readonly by: MeshBalancing["by"];
    readonly key: string;
    readonly asked: readonly string[];
    readonly loads: Loads;
    readonly rng: Rng;
  },
): T | undefined {
  const { by, key, asked, loads, rng } = about;
  const fresh = endpoints.filter(({ id }) => !asked.includes(id));
  const among = fresh.length === 0 ? endpoints : fresh;
  if (among.length === 0) return undefined;
  if (by === "round-robin") return among[loads.turn(key) % among.length];
  const first = among[rng.below(among.length)];
  if (by === "random" || among.length === 1 || first === undefined) return first;
  const others = among.filter((one) => one !== first);
  const second = others[rng.below(others.length)];
  return second !== undefined && loads.of(second.id) < loads.of(first.id) ? second : first;
}
