// KubeApi over the handlers, without a socket: what controllers, the scheduler and tests speak.

import { isRecord } from "../../core/index.ts";
import type {
  ApplyOptions,
  DeleteOptions,
  DiscoveredResource,
  KindFacts,
  KindRef,
  KubeApi,
  KubernetesObject,
  ListOptions,
  ObjectRef,
  UserInfo,
  Watch,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from "../../kubernetes/index.ts";
import { refOf, statusError } from "../../kubernetes/index.ts";
import type { ApiContext } from "./api-context.ts";
import { authorize } from "./authorize.ts";
import type { Caller } from "./caller.ts";
import { computedResource, computedResources, readComputed } from "./computed-resources.ts";
import { badRequest, methodNotAllowed } from "./refusals.ts";
import type { Resource } from "./resource.ts";
import { bind } from "./subresources/binding.ts";
import { evict } from "./subresources/eviction.ts";
import { requestToken } from "./subresources/token.ts";
import { finalize } from "./subresources/finalize.ts";
import { getScale, patchScale } from "./subresources/scale-verbs.ts";
import { withSettledFields } from "./managed-fields/later.ts";
import { apply } from "./verbs/apply.ts";
import { create } from "./verbs/create.ts";
import { deleteObject } from "./verbs/delete.ts";
import { PLAIN_DELETE } from "./verbs/delete-settings.ts";
import { get } from "./verbs/get.ts";
import { list } from "./verbs/list.ts";
import { patch } from "./verbs/patch.ts";
import type { ObjectTarget, UpdateRequest, WriteSettings } from "./verbs/requests.ts";
import { update } from "./verbs/update.ts";
import { watch } from "./verbs/watch.ts";
import { untilDurable } from "./verbs/when-durable.ts";

export interface InProcessOptions {
  readonly user: UserInfo;
  /** Field manager of writes that name none. */
  readonly defaultManager: string;
  /** The cluster's own controllers: they know what nodes derive instead of writing it, and never ask who set what. */
  readonly knowsDerived?: boolean;
  readonly onWarning?: (message: string) => void;
}

export function createInProcessApi(api: ApiContext, options: InProcessOptions): KubeApi {
  const caller: Caller = {
    user: options.user,
    defaultManager: options.defaultManager,
    warn: (message) => options.onWarning?.(message),
    knowsDerived: options.knowsDerived === true,
  };
  const find = ({ apiVersion, kind }: KindRef): Resource => {
    const resource = api.registry.byKind(apiVersion, kind);
    if (resource === undefined) throw noSuchResource();
    return resource;
  };
  const shown = caller.knowsDerived === true ? asItIs : withSettledFields;
  const targetOf = (ref: ObjectRef) => {
    const resource = find(ref);
    const namespace = resource.facts.namespaced ? ref.namespace : undefined;
    return { resource, namespace, name: ref.name, caller };
  };
  return {
    async get(ref, { subresource = "" } = {}) {
      const computed = computedResource(api, ref);
      if (computed !== undefined) {
        const { namespace, name } = ref;
        check(api, caller, "get", { resource: { facts: computed }, namespace, name });
        // One name is answered with one object.
        return readComputed(api, computed, { verb: "get", namespace, name }) as KubernetesObject;
      }
      check(api, caller, "get", { ...targetOf(ref), subresource });
      const read = subresource === "scale" ? getScale : get;
      const object = read(api, targetOf(ref));
      await untilDurable(api);
      return shown(object);
    },
    async list(kind, listOptions: ListOptions = {}) {
      const computed = computedResource(api, kind);
      if (computed !== undefined) {
        const { namespace, labelSelector, fieldSelector } = listOptions;
        const asked = { verb: "list" as const, namespace, name: "", labelSelector, fieldSelector };
        check(api, caller, "list", { resource: { facts: computed }, namespace });
        const { items } = readComputed(api, computed, asked);
        // A list has items; it is computed anew every time and has no version.
        return { items: items as readonly KubernetesObject[], resourceVersion: "" };
      }
      const request = {
        resource: find(kind),
        caller,
        ...listOptions,
        namespace: listOptions.namespace,
      };
      check(api, caller, "list", request);
      const { items: found, resourceVersion, continue: token } = list(api, request);
      const items = caller.knowsDerived === true ? found : found.map(shown);
      await untilDurable(api);
      return token === undefined
        ? { items, resourceVersion }
        : { items, resourceVersion, continue: token };
    },
    watch: (kind, watchOptions, onEvent) =>
      openWatch(api, caller, find(kind), watchOptions, onEvent),
    async create(object, writeOptions = {}) {
      const settings = settingsOf(writeOptions);
      if (settings.subresource !== "") return createSubresource(api, caller, object, settings);
      const resource = find(object);
      const { namespace, name } = object.metadata;
      const request = writeOf({ resource, namespace, name, caller }, settings, object);
      check(api, caller, "create", request);
      return shown(await create(api, request));
    },
    async update(object, writeOptions = {}) {
      const settings = settingsOf(writeOptions);
      const request = writeOf(targetOf(refOf(object)), settings, object);
      check(api, caller, "update", request);
      if (settings.subresource === "finalize") return shown((await finalize(api, request)).object);
      return shown((await update(api, request)).object);
    },
    async patch(ref, change, writeOptions = {}) {
      const settings = settingsOf(writeOptions);
      const request = { ...writeOf(targetOf(ref), settings, undefined), patch: change };
      check(api, caller, "patch", request);
      const handler = request.subresource === "scale" ? patchScale : patch;
      return shown((await handler(api, request)).object);
    },
    async apply(object, applyOptions: ApplyOptions) {
      const request = {
        ...targetOf(refOf(object)),
        ...settingsOf(applyOptions),
        body: object,
        force: applyOptions.force === true,
      };
      check(api, caller, "patch", request);
      return shown((await apply(api, request)).object);
    },
    async delete(ref, deleteOptions: DeleteOptions = {}) {
      const request = {
        ...targetOf(ref),
        ...PLAIN_DELETE,
        dryRun: deleteOptions.dryRun === true,
        gracePeriodSeconds: deleteOptions.gracePeriodSeconds,
        propagationPolicy: deleteOptions.propagationPolicy,
        preconditions: deleteOptions.preconditions,
      };
      check(api, caller, "delete", request);
      const { outcome, object } = await deleteObject(api, request);
      return outcome === "deleted" ? undefined : shown(object);
    },
    discovery: () =>
      Promise.resolve([...api.registry.all().map(discovered), ...computedResources(api)]),
  };
}

function asItIs(object: KubernetesObject): KubernetesObject {
  return object;
}

export function noSuchResource(): Error {
  return statusError("NotFound", "the server could not find the requested resource");
}

interface Asked {
  readonly resource: { readonly facts: Pick<KindFacts, "group" | "version" | "resource"> };
  readonly namespace?: string | undefined;
  readonly name?: string;
  readonly subresource?: string;
}

function check(api: ApiContext, { user }: Caller, verb: string, asked: Asked): void {
  const { group, version, resource } = asked.resource.facts;
  const { subresource = "", namespace = "", name = "" } = asked;
  const about = { group, version, resource, subresource, namespace, name };
  authorize(api.authorizer, { user, verb, ...about });
}

/** Member by member: every write of a controller makes one, and records are slow to join. */
function writeOf(target: ObjectTarget, settings: WriteSettings, body: unknown): UpdateRequest {
  const { resource, namespace, name, caller } = target;
  const { dryRun, fieldManager, fieldValidation, subresource } = settings;
  return {
    resource,
    namespace,
    name,
    caller,
    dryRun,
    fieldManager,
    fieldValidation,
    subresource,
    body,
  };
}

function settingsOf(options: WriteOptions): WriteSettings {
  return {
    dryRun: options.dryRun === true,
    fieldManager: options.fieldManager,
    fieldValidation: options.fieldValidation ?? "Warn",
    subresource: options.subresource ?? "",
  };
}

function openWatch(
  api: ApiContext,
  caller: Caller,
  resource: Resource,
  options: WatchOptions,
  onEvent: (event: WatchEvent) => void,
): Watch {
  const request = { resource, caller, ...options, namespace: options.namespace };
  check(api, caller, "watch", request);
  let finish = (): void => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const open = watch(api, request, (events) => {
    for (const event of events) {
      onEvent(caller.knowsDerived === true ? event : settledEvent(event));
      if (event.type === "ERROR") stop();
    }
  });
  const stop = (): void => {
    open.stop();
    finish();
  };
  return { done, stop };
}

/** Also of those whose last state nobody has looked at. */
function settledEvent(event: WatchEvent): WatchEvent {
  if (event.type === "ERROR" || event.type === "BOOKMARK") return event;
  const object = withSettledFields(event.object);
  return object === event.object ? event : { type: event.type, object };
}

/** Bindings, evictions and scales are told apart by their own kind; the object they are about has their name. */
async function createSubresource(
  api: ApiContext,
  caller: Caller,
  body: KubernetesObject,
  settings: WriteSettings,
): Promise<KubernetesObject> {
  const parent = parentOf(api, body, settings.subresource);
  const { name, namespace } = body.metadata;
  const request = writeOf({ resource: parent, namespace, name, caller }, settings, body);
  check(api, caller, "create", request);
  switch (settings.subresource) {
    case "binding":
      await bind(api, request);
      return body;
    case "eviction":
      await evict(api, request);
      return body;
    case "token":
      return requestToken(api, request);
    default:
      throw methodNotAllowed(parent.facts, "create");
  }
}

function parentOf(api: ApiContext, body: KubernetesObject, subresource: string): Resource {
  if (!isRecord(body.metadata)) throw badRequest("the body of a subresource needs metadata");
  const all = api.registry.all();
  let known = parents.get(all);
  if (known === undefined) parents.set(all, (known = new Map()));
  const asked = `${subresource}/${body.kind}`;
  const parent = known.get(asked) ?? findParent(all, subresource, body.kind);
  if (parent === undefined) throw noSuchResource();
  known.set(asked, parent);
  return parent;
}

/** By what is served: a binding for every pod asks. */
const parents = new WeakMap<readonly Resource[], Map<string, Resource>>();

/** Undefined also when there are several. */
function findParent(
  all: readonly Resource[],
  subresource: string,
  bodyKind: string,
): Resource | undefined {
  const found = all.filter(({ facts }) =>
    (facts.subresourceFacts ?? []).some(
      ({ name, kind }) => name === subresource && kind === bodyKind,
    ),
  );
  return found.length === 1 ? found[0] : undefined;
}

function discovered({ facts, apiVersion }: Resource): DiscoveredResource {
  const { kind, resource, namespaced, shortNames, verbs, subresources } = facts;
  return { apiVersion, kind, resource, namespaced, shortNames, verbs, subresources };
}
