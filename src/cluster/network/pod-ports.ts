// Ports of pods that this machine cannot give as they are: below the first one a user may have, or on a machine with one
// loopback address, where two pods with the same port would collide. Known for the ports that containers declare.

import { hash32 } from "../../core/index.ts";
import type { Pod } from "../../kubernetes/index.ts";
import type { MachineAddresses } from "./machine-addresses.ts";
import type { HostPort } from "./service-proxy.ts";

/** `80` becomes `10080`: found at a glance, and free on an address of its own. */
const PRIVILEGED_SHIFT = 10_000;
/** Mapped ports stay below the range that systems draw from for outgoing connections (32768, or 49152). */
const MAPPED_FIRST = 20_000;
const MAPPED_COUNT = 12_000;

export const ONLY_ADDRESS = "127.0.0.1";

export interface PodPorts {
  /** Port → where it is instead. */
  assign(pod: Pod, address: string): ReadonlyMap<number, HostPort>;
  release(address: string): void;
  find(address: string, port: number): HostPort | undefined;
  /** `address:port` → `host:port`. */
  moved(): Readonly<Record<string, string>>;
}

export function createPodPorts(machine: MachineAddresses): PodPorts {
  const byAddress = new Map<string, ReadonlyMap<number, HostPort>>();
  const taken = new Set<number>();

  const place = (address: string, port: number): HostPort | undefined => {
    if (machine.kind === "port-map")
      return { host: ONLY_ADDRESS, port: draw(`${address}:${port}`) };
    return port < machine.privilegedBelow
      ? { host: address, port: port + PRIVILEGED_SHIFT }
      : undefined;
  };
  const draw = (key: string): number => {
    let offset = hash32(key) % MAPPED_COUNT;
    while (taken.has(MAPPED_FIRST + offset)) offset = (offset + 1) % MAPPED_COUNT;
    taken.add(MAPPED_FIRST + offset);
    return MAPPED_FIRST + offset;
  };

  return {
    assign(pod, address) {
      const held = byAddress.get(address);
      if (held !== undefined) return held;
      const ports = new Map<number, HostPort>();
      for (const port of declaredPorts(pod)) {
        const at = place(address, port);
        if (at !== undefined) ports.set(port, at);
      }
      byAddress.set(address, ports);
      return ports;
    },
    release(address) {
      for (const { port } of byAddress.get(address)?.values() ?? []) taken.delete(port);
      byAddress.delete(address);
    },
    find: (address, port) => byAddress.get(address)?.get(port),
    moved() {
      const moved: Record<string, string> = {};
      for (const [address, ports] of byAddress) {
        for (const [port, at] of ports) moved[`${address}:${port}`] = `${at.host}:${at.port}`;
      }
      return moved;
    },
  };
}

/** TCP ports of all containers, sorted, each once. */
export function declaredPorts({ spec }: Pod): readonly number[] {
  const all = [...(spec.initContainers ?? []), ...spec.containers]
    .flatMap(({ ports }) => ports ?? [])
    .filter(({ protocol }) => (protocol ?? "TCP") === "TCP")
    .map(({ containerPort }) => containerPort);
  return [...new Set(all)].toSorted((a, b) => a - b);
}
