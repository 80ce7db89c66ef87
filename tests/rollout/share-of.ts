// Which share of the requests to an app reaches pods of an image, decided as the platform's ingress does, or as the proxies of a
// mesh do by the live object that holds the shares.

import { createWeightedTurns } from "../../src/components/ingress/weighted-turns.ts";
import { valueAt } from "../../src/core/index.ts";
import type { RouteBackend } from "../../src/model/index.ts";
import {
  createEndpointChoice,
  type EndpointSource,
} from "../../src/runtime/ingress/endpoint-choice.ts";
import type { SmallPlatform } from "../delivery/small-platform.ts";

export interface Way {
  readonly app: string;
  /** Or apiVersion and kind of what the callers' proxies read. */
  readonly through: string;
}

/** Every share of the steps is a whole number of these. */
const REQUESTS = 200;

/** Percent. */
export async function shareOf(
  image: string,
  world: SmallPlatform,
  { app, through }: Way,
): Promise<number> {
  const decide =
    through === "the ingress" ? atIngress(world, app) : await byProxy(world, app, through);
  const endpoints = endpointsOf(world);
  // Informers that nobody asked for before have to be filled.
  await world.clock.settle();
  const choice = createEndpointChoice();
  let reached = 0;
  for (let sent = 0; sent < REQUESTS; sent += 1) {
    const [asked] = choice.pods(decide(), endpoints) ?? [];
    const path = ["spec", "containers", 0, "image"];
    reached += valueAt(asked?.pod, path) === image ? 1 : 0;
  }
  return (100 * reached) / REQUESTS;
}

function endpointsOf({ platform }: SmallPlatform): EndpointSource {
  const { informer } = platform.hub.informers;
  return {
    services: informer({ apiVersion: "v1", kind: "Service" }),
    slices: informer({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" }),
    pods: informer({ apiVersion: "v1", kind: "Pod" }),
  };
}

function atIngress({ platform }: SmallPlatform, app: string): () => RouteBackend {
  const [backend] = platform.ingress;
  const request = { host: `${app}.cove.example.com`, path: "/", method: "GET", tls: true };
  return () => {
    const decision = backend?.routes.match({ ...request, headers: {} });
    if (decision?.kind !== "service") throw new Error(JSON.stringify(decision));
    return decision;
  };
}

interface Weighted {
  readonly weight: number;
  readonly name?: string;
  readonly destination?: { readonly host: string };
}

/** The entry that takes every request: a VirtualService's destinations, or an HTTPRoute's backends. */
async function byProxy(
  { api }: SmallPlatform,
  app: string,
  through: string,
): Promise<() => RouteBackend> {
  const [apiVersion = "", kind = ""] = through.split(" ");
  const live = await api.get({ apiVersion, kind, name: app, namespace: app });
  const paths = [
    ["spec", "http", 0, "route"],
    ["spec", "rules", 0, "backendRefs"],
  ];
  // One of the two, by the kind.
  const shares = paths.flatMap((path) => (valueAt(live, path) ?? []) as Weighted[]);
  const weights = shares.map(({ weight }) => weight);
  const turns = createWeightedTurns();
  return () => {
    const { name, destination } = shares[turns.next(shares, weights) ?? -1] ?? {};
    const service = name ?? destination?.host.split(".")[0] ?? "";
    return { namespace: app, service, port: 80 };
  };
}
