// Host ports: two pods on one node cannot hold the same one. Mirrors scheduler plugins/nodeports.

import type { PodSpec } from "./pod.ts";

const ANY_ADDRESS = "0.0.0.0";

/** `protocol/port/address` for every host port of the pod. */
export function hostPortKeys(spec: PodSpec): readonly string[] {
  const keys: string[] = [];
  const sidecars = spec.initContainers?.filter(({ restartPolicy }) => restartPolicy === "Always");
  for (const { ports } of [...spec.containers, ...(sidecars ?? [])]) {
    for (const port of ports ?? []) {
      const hostPort = port.hostPort ?? (spec.hostNetwork === true ? port.containerPort : 0);
      if (hostPort === 0) continue;
      keys.push(`${port.protocol ?? "TCP"}/${hostPort}/${port.hostIP || ANY_ADDRESS}`);
    }
  }
  return keys;
}

/** The unspecified address collides with every address of the same port. */
export function hostPortsCollide(
  wanted: readonly string[],
  used: ReadonlyMap<string, number>,
): boolean {
  if (used.size === 0) return false;
  return wanted.some((key) => {
    if (used.has(key)) return true;
    const port = key.slice(0, key.lastIndexOf("/") + 1);
    if (used.has(port + ANY_ADDRESS)) return true;
    if (!key.endsWith(`/${ANY_ADDRESS}`)) return false;
    for (const other of used.keys()) if (other.startsWith(port)) return true;
    return false;
  });
}
