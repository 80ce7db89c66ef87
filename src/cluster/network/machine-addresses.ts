// What this machine gives to a network of loopback addresses. Linux answers on all of 127.0.0.0/8; macOS and Windows have
// 127.0.0.1 alone there, so ports are mapped instead.

import { readFileSync } from "node:fs";

export interface MachineAddresses {
  readonly kind: "per-pod" | "port-map";
  /** Ports below this number are refused to this user. */
  readonly privilegedBelow: number;
}

export function machineAddresses(): MachineAddresses {
  if (process.platform !== "linux") return { kind: "port-map", privilegedBelow: 1024 };
  return { kind: "per-pod", privilegedBelow: process.getuid?.() === 0 ? 0 : firstFreePort() };
}

/** `net.ipv4.ip_unprivileged_port_start`; 1024 where it cannot be read. */
function firstFreePort(): number {
  try {
    return Number(readFileSync("/proc/sys/net/ipv4/ip_unprivileged_port_start", "utf8"));
  } catch {
    return 1024;
  }
}
