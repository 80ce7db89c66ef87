// What runs on the destination clusters: shared informers per cluster, told apart by Argo CD's tracking annotation.
// Mirrors the cluster cache of argoproj/gitops-engine (pkg/cache) as far as comparison and self-heal need it.

import type { Clock, Rng } from "../../../../core/index.ts";
import { createInformerSet, formatRef, refOf } from "../../../../kubernetes/index.ts";
import type {
  KindRef,
  KubeApi,
  KubernetesObject,
  ObjectRef,
} from "../../../../kubernetes/index.ts";
import { TRACKING_ANNOTATION } from "./resources.ts";

export interface DestinationState {
  readonly api: KubeApi;
  /** Watches the kind from now on; resolves once its objects are known. */
  follow(kinds: readonly KindRef[]): Promise<void>;
  live(ref: ObjectRef): KubernetesObject | undefined;
  /** Undefined for a kind the cluster does not serve. */
  isNamespaced(kind: KindRef): Promise<boolean | undefined>;
  /** Everything followed that carries the application's tracking id. */
  managedBy(application: string): readonly KubernetesObject[];
  /** Everything followed there that has neither a tracking id nor an owner; sorted by kind and name. */
  unmanagedIn(namespace: string): readonly KubernetesObject[];
  listOf(kind: KindRef, namespace: string): readonly KubernetesObject[];
}

export interface LiveStateOptions {
  readonly clock: Clock;
  readonly rng: Rng;
  connect(server: string): KubeApi | undefined;
  /** Called with the applications an object belongs or belonged to. */
  onChange(application: string): void;
  /** Called with the namespace of an object that belongs to none and has no owner. */
  onUnmanaged(namespace: string): void;
}

export function createLiveState(options: LiveStateOptions): {
  /** Undefined when no cluster answers at that server. */
  destination(server: string): DestinationState | undefined;
} {
  const known = new Map<string, DestinationState>();
  return {
    destination: (server) => {
      const found = known.get(server);
      if (found !== undefined) return found;
      const api = options.connect(server);
      if (api === undefined) return undefined;
      const created = createDestination(api, server, options);
      known.set(server, created);
      return created;
    },
  };
}

function createDestination(
  api: KubeApi,
  server: string,
  { clock, rng, onChange, onUnmanaged }: LiveStateOptions,
): DestinationState {
  const informers = createInformerSet({ api, clock, rng: rng.fork(server) });
  const followed = new Set<string>();
  const byApplication = new Map<string, Map<string, KubernetesObject>>();
  const unmanaged = new Map<string, Map<string, KubernetesObject>>();
  informers.start();

  const follow = (kind: KindRef): void => {
    const key = `${kind.apiVersion}/${kind.kind}`;
    if (followed.has(key)) return;
    followed.add(key);
    informers.informer(kind).onChange((current, old) => {
      track(byApplication, current, old);
      track(unmanaged, current, old, unmanagedNamespaceOf);
      const namespace = [current, old].map((one) => one && unmanagedNamespaceOf(one)).find(Boolean);
      if (namespace !== undefined) onUnmanaged(namespace);
      for (const object of [current, old]) {
        const application = object && applicationOf(object);
        if (application !== undefined) onChange(application);
      }
    });
  };
  return {
    api,
    follow: async (kinds) => {
      kinds.forEach(follow);
      // A kind that is not served yet counts as an empty list.
      await Promise.all(kinds.map((kind) => informers.informer(kind).synced));
    },
    isNamespaced: createScopes(api),
    live: (ref) => informers.find(ref)?.get(ref.name, ref.namespace),
    managedBy: (application) => [...(byApplication.get(application)?.values() ?? [])],
    unmanagedIn: (namespace) => {
      const found = [...(unmanaged.get(namespace) ?? [])];
      return found.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    },
    listOf: (kind, namespace) => informers.informer(kind).list(namespace),
  };
}

/** Asks discovery again only for a kind it did not list before. */
function createScopes(api: KubeApi): DestinationState["isNamespaced"] {
  let scopes = new Map<string, boolean>();
  return async ({ apiVersion, kind }) => {
    const key = `${apiVersion}/${kind}`;
    if (!scopes.has(key)) {
      const served = await api.discovery();
      scopes = new Map(
        served.map((resource) => [`${resource.apiVersion}/${resource.kind}`, resource.namespaced]),
      );
    }
    return scopes.get(key);
  };
}

function track(
  index: Map<string, Map<string, KubernetesObject>>,
  current: KubernetesObject | undefined,
  old: KubernetesObject | undefined,
  placeOf: (object: KubernetesObject) => string | undefined = applicationOf,
): void {
  const before = old && placeOf(old);
  if (old !== undefined && before !== undefined) index.get(before)?.delete(formatRef(refOf(old)));
  const after = current && placeOf(current);
  if (current === undefined || after === undefined) return;
  const objects = index.get(after) ?? new Map<string, KubernetesObject>();
  index.set(after, objects.set(formatRef(refOf(current)), current));
}

/** `<application>:<group>/<kind>:<namespace>/<name>`; copies made by controllers keep another object's id and do not count. */
function applicationOf(object: KubernetesObject): string | undefined {
  const id = object.metadata.annotations?.[TRACKING_ANNOTATION];
  const colon = id?.indexOf(":") ?? -1;
  if (id === undefined || colon < 0) return undefined;
  const application = id.slice(0, colon);
  return id === trackingId(application, object) ? application : undefined;
}

/** Of an object that nobody stands for. */
function unmanagedNamespaceOf({ metadata }: KubernetesObject): string | undefined {
  const isOwned = (metadata.ownerReferences ?? []).length > 0;
  const isTracked = metadata.annotations?.[TRACKING_ANNOTATION] !== undefined;
  return isOwned || isTracked ? undefined : metadata.namespace;
}

export function trackingId(
  application: string,
  { apiVersion, kind, metadata }: KubernetesObject,
): string {
  const slash = apiVersion.indexOf("/");
  const group = slash < 0 ? "" : apiVersion.slice(0, slash);
  return `${application}:${group}/${kind}:${metadata.namespace ?? ""}/${metadata.name}`;
}
