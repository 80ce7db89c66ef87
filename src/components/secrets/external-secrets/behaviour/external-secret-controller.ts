// Reads what an ExternalSecret names and keeps its Secret. Mirrors external-secrets
// pkg/controllers/externalsecret/externalsecret_controller.go 2.9.0: creationPolicy Owner, single keys, no templates of values.

import { deepEqual, formatInstant, parseDuration } from "../../../../core/index.ts";
import type {
  ControllerContext,
  ControllerFactory,
  Informer,
  KubernetesObject,
} from "../../../../kubernetes/index.ts";
import type { SecretStore } from "../../../../model/index.ts";
import {
  CLUSTER_STORE,
  EXTERNAL_SECRET,
  MANAGER,
  readyOf,
  retryAfterMs,
  SECRET,
  writeReady,
  type ClusterStore,
  type ExternalSecret,
} from "./resources.ts";

const SYNCED = { status: "True", reason: "SecretSynced", message: "secret synced" } as const;
const FAILED = { status: "False", reason: "SecretSyncedError" } as const;
const NO_DATA = "could not get secret data from provider";
const OWNED = "target is owned by another ExternalSecret";
/** Of the published definition. */
const DEFAULT_REFRESH = "1h";

export function externalSecretController(store: SecretStore | undefined): ControllerFactory {
  return (context) => {
    const wanted = context.informer(EXTERNAL_SECRET);
    const stores = context.informer(CLUSTER_STORE);
    const secrets = context.informer(SECRET);
    const failures = new Map<string, number>();
    return {
      name: "externalsecrets",
      setup: (enqueue) => wire({ wanted, stores, secrets }, enqueue),
      async reconcile(key) {
        const [namespace = "", name = ""] = key.split("/");
        const object = wanted.get(name, namespace) as ExternalSecret | undefined;
        if (object === undefined || object.metadata.deletionTimestamp !== undefined) return;
        const existing = secrets.get(targetOf(object), namespace);
        const dueMs = nextRefreshMs(object, existing);
        if (dueMs !== undefined && dueMs > context.clock.now())
          return { requeueAfterMs: dueMs - context.clock.now() };
        const data = isUsable(object, stores) ? read(object, store) : undefined;
        const problem = data === undefined ? NO_DATA : await keep(context, object, existing, data);
        if (problem !== undefined) {
          context.event(object, "Warning", "UpdateFailed", problem);
          await writeReady(context, object, { ...FAILED, message: problem });
          const failed = failures.get(key) ?? 0;
          failures.set(key, failed + 1);
          return { requeueAfterMs: retryAfterMs(failed) };
        }
        failures.delete(key);
        await writeReady(context, object, SYNCED, {
          refreshTime: formatInstant(context.clock.now()),
          syncedResourceVersion: versionOf(object),
          binding: { name: targetOf(object) },
        });
        return { requeueAfterMs: refreshMs(object) };
      },
    };
  };
}

interface Informers {
  readonly wanted: Informer;
  readonly stores: Informer;
  readonly secrets: Informer;
}

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace}/${metadata.name}`;

function wire({ wanted, stores, secrets }: Informers, enqueue: (key: string) => void): void {
  wanted.onChange((current) => current && enqueue(keyOf(current)));
  stores.onChange((current) => {
    if (current === undefined || readyOf(current as ClusterStore)?.status !== "True") return;
    for (const object of wanted.list()) enqueue(keyOf(object));
  });
  secrets.onChange((current, old) => {
    const owner = (current ?? old)?.metadata.ownerReferences?.find(
      ({ kind }) => kind === EXTERNAL_SECRET.kind,
    );
    const { namespace } = (current ?? old)?.metadata ?? {};
    if (owner !== undefined) enqueue(`${namespace}/${owner.name}`);
  });
}

const targetOf = ({ metadata, spec }: ExternalSecret): string => spec.target?.name ?? metadata.name;

/** `getResourceVersion`: generation and a digest of labels and annotations; here the generation is all that changes. */
const versionOf = ({ metadata }: ExternalSecret): string => String(metadata.generation ?? 1);

function refreshMs({ spec }: ExternalSecret): number {
  return parseDuration(spec.refreshInterval ?? DEFAULT_REFRESH) ?? 0;
}

/** Undefined where it is due whatever the hour: never synced, changed, or its Secret is gone or not as it was written. */
function nextRefreshMs(
  object: ExternalSecret,
  existing: KubernetesObject | undefined,
): number | undefined {
  const { refreshTime, syncedResourceVersion } = object.status ?? {};
  if (readyOf(object)?.status !== "True" || refreshTime === undefined) return undefined;
  if (syncedResourceVersion !== versionOf(object)) return undefined;
  if (existing === undefined || !hasKeys(existing, object)) return undefined;
  return Date.parse(refreshTime) + refreshMs(object);
}

function hasKeys(secret: KubernetesObject, { spec }: ExternalSecret): boolean {
  const data = (secret["data"] ?? {}) as Readonly<Record<string, string>>;
  return (spec.data ?? []).every(({ secretKey }) => data[secretKey] !== undefined);
}

function isUsable({ spec }: ExternalSecret, stores: Informer): boolean {
  const store = stores.get(spec.secretStoreRef?.name ?? "") as ClusterStore | undefined;
  return store !== undefined && readyOf(store)?.status === "True";
}

/** Undefined when a single value is missing: half a Secret is never written. */
function read(
  { spec }: ExternalSecret,
  store: SecretStore | undefined,
): Record<string, string> | undefined {
  const data: Record<string, string> = {};
  for (const { secretKey, remoteRef } of spec.data ?? []) {
    const value = store?.read(remoteRef.key)?.[remoteRef.property ?? secretKey];
    if (value === undefined) return undefined;
    data[secretKey] = Buffer.from(value, "utf8").toString("base64");
  }
  return data;
}

/** What is wrong, in the operator's words; undefined when the Secret is as the store has it. */
async function keep(
  { api, event }: ControllerContext,
  object: ExternalSecret,
  existing: KubernetesObject | undefined,
  data: Record<string, string>,
): Promise<string | undefined> {
  const owners = existing?.metadata.ownerReferences ?? [];
  const other = owners.find(({ controller, uid }) => controller && uid !== object.metadata.uid);
  if (other !== undefined) return OWNED;
  const { metadata, spec } = object;
  const { type = "Opaque", metadata: template } = spec.target?.template ?? {};
  if (existing !== undefined && deepEqual(existing["data"], data) && existing["type"] === type)
    return undefined;
  const owner = { ...EXTERNAL_SECRET, name: metadata.name, uid: metadata.uid ?? "" };
  const secret = {
    ...SECRET,
    metadata: {
      name: targetOf(object),
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels: { ...template?.labels, "reconcile.external-secrets.io/managed": "true" },
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    type,
    data,
  };
  await api.apply(secret, { fieldManager: MANAGER, force: true });
  if (existing === undefined) event(object, "Normal", "Created", "Created Secret");
  return undefined;
}
