// One port of a Service as a listener on this machine: each connection goes to an endpoint, and to the next one when that
// does not answer, as long as nothing was sent. TCP only, both directions streamed, half-closed connections kept.

import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

import type { Balancer } from "./balance.ts";
import type { ServiceEndpoint } from "./service-endpoints.ts";

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface ProxyTarget {
  /** Asked for every connection, so that it is never older than the cluster's own knowledge. */
  endpoints(): readonly ServiceEndpoint[];
  /** Undefined: no session affinity. */
  affinityMs(): number | undefined;
  readonly balancer: Balancer;
  reach(endpoint: ServiceEndpoint): HostPort;
  /** Whether somebody else serves the client. */
  takes?(client: Socket): boolean;
}

export interface ServiceProxy {
  /** Where it listens. */
  readonly at: HostPort;
  /** Stops accepting; `end` cuts what is open too. */
  close(how?: "end"): Promise<void>;
}

/** Rejects when the address cannot be listened on. */
export function openServiceProxy(at: HostPort, target: ProxyTarget): Promise<ServiceProxy> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    track(open, client);
    void serve(client, target, open);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(at.port, at.host, () => {
      server.off("error", reject);
      // A listening TCP server has an AddressInfo; only pipes have a string.
      const { port } = server.address() as AddressInfo;
      resolve({
        at: { host: at.host, port },
        close: (how) => close(server, how === "end" ? open : new Set()),
      });
    });
  });
}

async function serve(client: Socket, target: ProxyTarget, open: Set<Socket>): Promise<void> {
  client.on("error", () => client.destroy());
  if (target.takes?.(client) === true) return;
  const who = client.remoteAddress ?? "";
  for (const endpoint of target.balancer.order(target.endpoints(), who, target.affinityMs())) {
    const upstream = await tryConnect(target.reach(endpoint));
    if (upstream === undefined) continue;
    if (client.destroyed) return void upstream.destroy();
    target.balancer.took(who, endpoint);
    track(open, upstream);
    return join(client, upstream);
  }
  // What a real cluster does for a Service without endpoints: the client sees its connection refused or reset.
  client.resetAndDestroy();
}

/** Undefined: nobody took the connection. */
function tryConnect({ host, port }: HostPort): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const failed = (): void => resolve(undefined);
    socket.once("error", failed);
    socket.once("connect", () => {
      socket.off("error", failed);
      resolve(socket);
    });
  });
}

function join(client: Socket, upstream: Socket): void {
  client.setNoDelay(true);
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    from.on("error", () => to.destroy());
    from.on("close", (failed) => failed && to.destroy());
    from.pipe(to);
  }
}

function track(open: Set<Socket>, socket: Socket): void {
  open.add(socket);
  socket.once("close", () => open.delete(socket));
}

function close(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  for (const socket of open) socket.destroy();
  // Open connections may outlive the listener; only ending them is worth waiting for.
  return open.size === 0 ? Promise.resolve() : closed;
}
