// Flow names name the policies made from them: DNS labels, each once. A name that two flows want gets its namespaces.

import { groupBy, shortenName, toDnsLabel } from "../core/index.ts";
import type { Endpoint, Flow } from "../model/index.ts";

/** Leaves room for `-egress` in a 63-character label. */
const NAME_MAX = 56;

export function withUniqueNames(flows: readonly Flow[]): Flow[] {
  const wanted = groupBy(flows, ({ name }) => name);
  const taken = new Set<string>();
  return flows.map((flow) => {
    const shared = (wanted.get(flow.name)?.length ?? 0) > 1;
    const name = freeName(shared ? spellOut(flow) : flow.name, taken);
    taken.add(name);
    return { ...flow, name };
  });
}

function freeName(text: string, taken: ReadonlySet<string>): string {
  const label = shortenName(toDnsLabel(text), NAME_MAX);
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? label : shortenName(`${label}-${count}`, NAME_MAX);
    if (!taken.has(name)) return name;
  }
}

function spellOut({ from, to, port }: Flow): string {
  return `${describe(from)}-to-${describe(to)}-${port}`;
}

function describe(end: Endpoint): string {
  if (end.kind === "workload") return `${end.namespace}-${end.name}`;
  return end.kind === "external" ? end.name : end.kind;
}
