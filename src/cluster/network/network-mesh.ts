// What stands in front of the pods of a mesh on this machine. The network asks it where a pod's port is for others, and hands it
// the connections that a pod with a proxy opens to Services; what it does with them is its own business.

import type { Socket } from "node:net";

import type { Pod } from "../../kubernetes/index.ts";
import type { HostPort } from "./service-proxy.ts";

export interface NetworkMesh {
  /** The pod has a proxy: its connections are to tell whose they are. */
  isMember(pod: Pod): boolean;
  /** A pod that has got its address, or has given it back. */
  joined(pod: Pod, address: string): void;
  left(address: string): void;
  /** Where the proxy in front of a pod's port listens; undefined: nobody stands there. */
  inbound(address: string, port: number): HostPort | undefined;
  /** `address:port` → `host:port` of all of them. */
  moved(): Readonly<Record<string, string>>;
  onChange(callback: () => void): void;
  /** Whether it takes over a connection to a Service, which nobody has read from. */
  takes(
    client: Socket,
    to: { readonly namespace: string; readonly name: string; readonly port: number },
  ): boolean;
}
