// No two Services have one address or one node port, and every address in use is known to the allocator and none else.

import { formatAddress, parseCidr } from "../../../src/core/index.ts";
import { fieldsOf, nameOf, ofKind, type Checker, type World } from "./checker.ts";
import { SERVICE_CIDR } from "../life.ts";

export const serviceAddresses: Checker = {
  name: "service addresses and node ports are unique and accounted for",
  phase: "safety",
  check(world) {
    const holders = new Map<string, string>();
    const wrong: string[] = [];
    for (const service of ofKind(world, "Service")) {
      for (const held of heldBy(fieldsOf(service, "spec"))) {
        const other = holders.get(held);
        if (other !== undefined) wrong.push(`${nameOf(service)} and ${other} share ${held}`);
        holders.set(held, nameOf(service));
      }
    }
    return [...wrong, ...unaccounted(world, holders)];
  },
};

function heldBy(spec: Readonly<Record<string, unknown>>): readonly string[] {
  const { clusterIP, ports, healthCheckNodePort } = spec;
  const listed = (Array.isArray(ports) ? ports : []) as readonly { readonly nodePort?: number }[];
  const numbers = [...listed.map(({ nodePort }) => nodePort), healthCheckNodePort];
  const address = typeof clusterIP === "string" && clusterIP !== "None" ? [clusterIP] : [];
  return [...address, ...numbers.filter((port) => port !== undefined && port !== 0).map(String)];
}

/** Asks the allocator for each address of the small range, and gives back what it gave. */
function unaccounted({ life }: World, holders: ReadonlyMap<string, string>): readonly string[] {
  const { clusterIPs } = life.cluster.context.allocators;
  const range = parseCidr(SERVICE_CIDR);
  if (range === undefined) return ["the service range cannot be read"];
  const wrong: string[] = [];
  for (let at = range.start + 1n; at < range.end; at += 1n) {
    const address = formatAddress(at, 4);
    const isFree = clusterIPs.claim(address) === "claimed";
    if (isFree) clusterIPs.release(address);
    if (isFree === holders.has(address)) {
      wrong.push(
        isFree ? `${holders.get(address)} holds ${address}, which is free` : `${address} is leaked`,
      );
    }
  }
  return wrong;
}
