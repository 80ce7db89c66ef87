// The listeners of all Services that have something to answer with: opened when the first endpoint on this machine appears,
// closed with the last, so that sixty Services of simulated pods cost nothing.

import type { Socket } from "node:net";

import type { Clock } from "../../core/index.ts";
import { createBalancer } from "./balance.ts";
import type { ServedPort } from "./cluster-names.ts";
import type { NetworkMesh } from "./network-mesh.ts";
import type { ServiceEndpoint } from "./service-endpoints.ts";
import { openServiceProxy, type HostPort, type ServiceProxy } from "./service-proxy.ts";

export interface ListenerOptions {
  readonly clock: Clock;
  endpoints(of: ServedPort): readonly ServiceEndpoint[];
  affinityMs(of: ServedPort): number | undefined;
  reach(address: string, port: number): HostPort;
  takes?: NetworkMesh["takes"];
  /** Where to try to listen, in this order. */
  places(of: ServedPort): readonly HostPort[];
  /** What listens has changed. */
  onChange(): void;
  onError(what: string, error: unknown): void;
}

export interface ServiceListeners {
  follow(served: readonly ServedPort[]): void;
  /** Where the port of a Service's address really listens; undefined: it does not. */
  at(address: string, port: number): HostPort | undefined;
  /** `address:port` → `host:port` of those that listen elsewhere. */
  moved(): Readonly<Record<string, string>>;
  readonly count: number;
  stop(): Promise<void>;
}

interface Listener {
  readonly served: ServedPort;
  proxy: ServiceProxy | undefined;
  wanted: boolean;
}

const keyOf = ({ namespace, name, port, address }: ServedPort): string =>
  `${address}:${port} ${namespace}/${name}`;

export function createServiceListeners(options: ListenerOptions): ServiceListeners {
  const listeners = new Map<string, Listener>();
  const closing = new Set<Promise<void>>();

  const open = async (key: string, listener: Listener): Promise<void> => {
    // What had the address before has to let go of it first.
    await Promise.all(closing);
    const proxy = await openAtFirst(listener.served, options);
    if (proxy === undefined) return void listeners.delete(key);
    listener.proxy = proxy;
    if (!listener.wanted) await proxy.close();
    options.onChange();
  };
  const close = (key: string, listener: Listener, how?: "end"): void => {
    listeners.delete(key);
    listener.wanted = false;
    if (listener.proxy === undefined) return;
    const done = listener.proxy.close(how).finally(() => closing.delete(done));
    closing.add(done);
  };

  return {
    follow(served) {
      const wanted = new Map(served.map((one) => [keyOf(one), one]));
      for (const [key, listener] of listeners) if (!wanted.has(key)) close(key, listener);
      for (const [key, one] of wanted) {
        if (listeners.has(key)) continue;
        const listener: Listener = { served: one, proxy: undefined, wanted: true };
        listeners.set(key, listener);
        void open(key, listener);
      }
    },
    at: (address, port) => find(listeners, address, port)?.proxy?.at,
    moved: () => movedOf(listeners),
    get count() {
      return listeners.size;
    },
    async stop() {
      for (const [key, listener] of listeners) close(key, listener, "end");
      await Promise.all(closing);
    },
  };
}

async function openAtFirst(
  served: ServedPort,
  options: ListenerOptions,
): Promise<ServiceProxy | undefined> {
  const target = {
    endpoints: () => options.endpoints(served),
    affinityMs: () => options.affinityMs(served),
    balancer: createBalancer(options),
    reach: ({ address, port }: ServiceEndpoint) => options.reach(address, port),
    ...(options.takes && { takes: (client: Socket) => options.takes?.(client, served) === true }),
  };
  let failure: unknown;
  for (const place of options.places(served)) {
    try {
      return await openServiceProxy(place, target);
    } catch (error) {
      failure ??= error;
    }
  }
  options.onError(`listen for service ${served.namespace}/${served.name}:${served.port}`, failure);
  return undefined;
}

function find(
  listeners: ReadonlyMap<string, Listener>,
  address: string,
  port: number,
): Listener | undefined {
  return [...listeners.values()].find(
    ({ served }) => served.address === address && served.port === port,
  );
}

function movedOf(listeners: ReadonlyMap<string, Listener>): Readonly<Record<string, string>> {
  const moved: Record<string, string> = {};
  for (const { served, proxy } of listeners.values()) {
    if (proxy === undefined) continue;
    const { host, port } = proxy.at;
    if (host !== served.address || port !== served.port)
      moved[`${served.address}:${served.port}`] = `${host}:${port}`;
  }
  return moved;
}
