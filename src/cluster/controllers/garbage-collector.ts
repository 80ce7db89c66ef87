// Deletes dependents whose owners are gone, and carries out foreground and orphan deletion. An owner is recognised
// by its uid. Mirrors pkg/controller/garbagecollector/garbagecollector.go.

import { isNotFound, isTerminating, refOf } from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  DiscoveredResource,
  KindRef,
  KubernetesObject,
  OwnerReference,
} from "../../kubernetes/index.ts";
import { createOwnerGraph } from "./owner-graph.ts";
import type { OwnerGraph } from "./owner-graph.ts";

const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";
/** The queue key that looks for new kinds; uids never look like this. */
const DISCOVER = "discover";
const CRD: KindRef = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };

type Scope = "namespaced" | "cluster";

export function garbageCollector(context: ControllerContext): Controller {
  const { api } = context;
  const graph = createOwnerGraph();
  const scopes = new Map<string, Scope>();
  const watched = new Set<string>();
  let enqueue = (_key: string): void => undefined;

  const enqueueObject = ({ metadata }: KubernetesObject): void => enqueue(metadata.uid ?? "");
  const onChange = (
    current: KubernetesObject | undefined,
    old: KubernetesObject | undefined,
  ): void => {
    graph.change(current, old);
    for (const object of affectedBy(graph, current, old)) enqueueObject(object);
  };
  const discover = async (): Promise<void> => {
    for (const resource of await api.discovery()) {
      scopes.set(kindKey(resource), resource.namespaced ? "namespaced" : "cluster");
      const key = groupKind(resource);
      if (watched.has(key) || !isCollectable(resource)) continue;
      watched.add(key);
      context.informer({ apiVersion: resource.apiVersion, kind: resource.kind }).onChange(onChange);
    }
  };

  const ownerState = async (
    object: KubernetesObject,
    owner: OwnerReference,
  ): Promise<"solid" | "absent" | "waiting"> => {
    const scope = scopes.get(kindKey(owner));
    // Nothing is deleted on account of a kind that is not served.
    if (scope === undefined) return "solid";
    const namespace = scope === "namespaced" ? object.metadata.namespace : undefined;
    const known = graph.get(owner.uid);
    if (known !== undefined && isReachable(known, object)) {
      if (hasCoordinates(known, owner)) return stateOf(known);
    } else if (known !== undefined) reportForeignOwner(context, object, owner);
    // An object of the whole cluster cannot have an owner in a namespace: there is nowhere to look.
    if (scope === "namespaced" && namespace === undefined) return "solid";
    const { apiVersion, kind, name } = owner;
    try {
      const live = await api.get({ apiVersion, kind, name, namespace });
      return live.metadata.uid === owner.uid ? stateOf(live) : "absent";
    } catch (error) {
      if (isNotFound(error)) return "absent";
      throw error;
    }
  };
  const setOwners = async (
    object: KubernetesObject,
    ownerReferences: readonly OwnerReference[],
  ): Promise<void> => {
    const { uid, resourceVersion } = object.metadata;
    const owners = ownerReferences.length === 0 ? null : ownerReferences;
    const body = { metadata: { uid, resourceVersion, ownerReferences: owners } };
    await api.patch(refOf(object), { type: "merge", body });
  };
  const removeFinalizer = async (object: KubernetesObject, name: string): Promise<void> => {
    const { uid, resourceVersion } = object.metadata;
    const left = (object.metadata.finalizers ?? []).filter((finalizer) => finalizer !== name);
    const body = {
      metadata: { uid, resourceVersion, finalizers: left.length === 0 ? null : left },
    };
    await ignoringNotFound(api.patch(refOf(object), { type: "merge", body }));
  };

  const collect = async (object: KubernetesObject): Promise<void> => {
    const owners = object.metadata.ownerReferences ?? [];
    if (owners.length === 0) return;
    const states = await Promise.all(owners.map((owner) => ownerState(object, owner)));
    const solid = owners.filter((_, index) => states[index] === "solid");
    if (solid.length === owners.length) return;
    if (solid.length > 0) return ignoringNotFound(setOwners(object, solid));
    const waiting = states.includes("waiting");
    const nested = waiting && graph.dependents(object.metadata.uid ?? "").length > 0;
    const propagationPolicy = nested ? "Foreground" : policyOf(object);
    const { uid, resourceVersion = "" } = object.metadata;
    const preconditions = { ...(uid === undefined ? {} : { uid }), resourceVersion };
    await ignoringNotFound(api.delete(refOf(object), { propagationPolicy, preconditions }));
  };
  const orphanDependents = async (owner: KubernetesObject): Promise<void> => {
    for (const dependent of graph.dependents(owner.metadata.uid ?? "")) {
      const left = dependent.metadata.ownerReferences?.filter(
        ({ uid }) => uid !== owner.metadata.uid,
      );
      await ignoringNotFound(setOwners(dependent, left ?? []));
    }
    await removeFinalizer(owner, ORPHAN);
  };
  const awaitDependents = async (owner: KubernetesObject): Promise<void> => {
    const dependents = graph.dependents(owner.metadata.uid ?? "");
    const blocking = dependents.filter((dependent) => blocks(dependent, owner));
    if (blocking.length === 0) return removeFinalizer(owner, FOREGROUND);
    for (const dependent of dependents) if (!isTerminating(dependent)) enqueueObject(dependent);
  };

  return {
    name: "garbage-collector-controller",
    setup(add) {
      enqueue = add;
      context.informer(CRD).onChange(() => add(DISCOVER));
      add(DISCOVER);
    },
    async reconcile(key) {
      if (key === DISCOVER) return discover();
      const object = graph.get(key);
      if (object === undefined) return undefined;
      const { finalizers = [] } = object.metadata;
      if (!isTerminating(object)) return collect(object);
      if (finalizers.includes(ORPHAN)) return orphanDependents(object);
      if (finalizers.includes(FOREGROUND)) return awaitDependents(object);
      return undefined;
    },
  };
}

/** Which objects have to be looked at again after a change. */
function affectedBy(
  graph: OwnerGraph,
  current: KubernetesObject | undefined,
  old: KubernetesObject | undefined,
): readonly KubernetesObject[] {
  const object = current ?? old;
  if (object === undefined) return [];
  if (current === undefined) {
    const owners = (object.metadata.ownerReferences ?? []).flatMap(
      ({ uid }) => graph.get(uid) ?? [],
    );
    const waiting = owners.filter((owner) => stateOf(owner) === "waiting");
    return [...graph.dependents(object.metadata.uid ?? ""), ...waiting];
  }
  if (isTerminating(current)) {
    const finalizers = current.metadata.finalizers ?? [];
    if (finalizers.includes(ORPHAN)) return [current];
    if (!finalizers.includes(FOREGROUND)) return [];
    return [current, ...graph.dependents(current.metadata.uid ?? "")];
  }
  if (old?.metadata.ownerReferences === current.metadata.ownerReferences) return [];
  return ownersAreSolid(graph, current) ? [] : [current];
}

function ownersAreSolid(graph: OwnerGraph, object: KubernetesObject): boolean {
  return (object.metadata.ownerReferences ?? []).every((reference) => {
    const { uid } = reference;
    const owner = graph.get(uid);
    if (owner === undefined || !isReachable(owner, object)) return false;
    return hasCoordinates(owner, reference) && stateOf(owner) === "solid";
  });
}

/** In the same namespace, or in none. */
function isReachable(owner: KubernetesObject, { metadata }: KubernetesObject): boolean {
  return [undefined, metadata.namespace].includes(owner.metadata.namespace);
}

/** What the uid stands for is what the reference says; otherwise the API is asked for what it says. */
function hasCoordinates(
  { apiVersion, kind, metadata }: KubernetesObject,
  owner: OwnerReference,
): boolean {
  return owner.name === metadata.name && owner.kind === kind && owner.apiVersion === apiVersion;
}

/** An owner in foreground deletion waits for its dependents; any other existing owner keeps them. */
function stateOf(owner: KubernetesObject): "solid" | "waiting" {
  const foreground = owner.metadata.finalizers?.includes(FOREGROUND) ?? false;
  return isTerminating(owner) && foreground ? "waiting" : "solid";
}

function blocks({ metadata }: KubernetesObject, owner: KubernetesObject): boolean {
  const reference = metadata.ownerReferences?.find(({ uid }) => uid === owner.metadata.uid);
  return reference?.blockOwnerDeletion === true;
}

function policyOf({ metadata }: KubernetesObject): "Foreground" | "Background" | "Orphan" {
  if (metadata.finalizers?.includes(ORPHAN)) return "Orphan";
  return metadata.finalizers?.includes(FOREGROUND) ? "Foreground" : "Background";
}

/** Events have no dependents and are many; what cannot be watched or deleted cannot be collected. */
function isCollectable({ kind, verbs }: DiscoveredResource): boolean {
  return kind !== "Event" && ["list", "watch", "delete"].every((verb) => verbs.includes(verb));
}

function kindKey({ apiVersion, kind }: KindRef): string {
  return `${apiVersion}/${kind}`;
}

/** One version of a kind is enough: all versions are the same objects. */
function groupKind({ apiVersion, kind }: KindRef): string {
  const slash = apiVersion.indexOf("/");
  return `${slash < 0 ? "" : apiVersion.slice(0, slash)}/${kind}`;
}

function reportForeignOwner(
  context: ControllerContext,
  object: KubernetesObject,
  { apiVersion, kind, name, uid }: OwnerReference,
): void {
  const { namespace } = object.metadata;
  const message = `ownerRef [${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}] does not exist in namespace "${namespace}"`;
  context.event(object, "Warning", "OwnerRefInvalidNamespace", message);
}

async function ignoringNotFound(pending: Promise<unknown>): Promise<void> {
  try {
    await pending;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
