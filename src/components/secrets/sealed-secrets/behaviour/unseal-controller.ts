// Opens SealedSecrets with the active keys in kube-system and writes the Secrets they hold.
// Mirrors bitnami-labs/sealed-secrets pkg/controller/controller.go and pkg/apis/sealedsecrets/v1alpha1/sealedsecret_expansion.go,
// v0.36.4; strict scope only.

import { createPrivateKey, type KeyObject } from "node:crypto";

import { deepEqual, formatInstant } from "../../../../core/index.ts";
import type {
  ControllerContext,
  ControllerFactory,
  Informer,
  KindRef,
  KubernetesObject,
} from "../../../../kubernetes/index.ts";
import { unsealValue } from "./envelope.ts";
import { isActiveKey, KEY_NAMESPACE } from "./sealing-keys.ts";

export const SEALED_SECRET: KindRef = { apiVersion: "bitnami.com/v1alpha1", kind: "SealedSecret" };
const SECRET: KindRef = { apiVersion: "v1", kind: "Secret" };
const MANAGER = "sealed-secrets-controller";

interface SealedSecret extends KubernetesObject {
  readonly spec: {
    readonly encryptedData?: Readonly<Record<string, string>>;
    readonly template?: {
      readonly type?: string;
      readonly metadata?: {
        readonly labels?: Record<string, string>;
        readonly annotations?: Record<string, string>;
      };
    };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly SyncedCondition[];
  };
}

interface SyncedCondition {
  readonly type: "Synced";
  readonly status: "True" | "False";
  readonly message?: string;
  readonly lastUpdateTime?: string;
  readonly lastTransitionTime?: string;
}

export const unsealController: ControllerFactory = (context) => {
  const sealed = context.informer(SEALED_SECRET);
  const secrets = context.informer(SECRET);
  return {
    name: "sealed-secrets",
    setup(enqueue) {
      sealed.onChange((current) => current && enqueue(keyOf(current)));
      secrets.onChange((current, old) => {
        const secret = current ?? old;
        if (secret === undefined) return;
        if (isActiveKey(secret)) sealed.list().forEach((object) => enqueue(keyOf(object)));
        const owner = secret.metadata.ownerReferences?.find(
          ({ kind }) => kind === SEALED_SECRET.kind,
        );
        if (owner !== undefined) enqueue(`${secret.metadata.namespace}/${owner.name}`);
      });
    },
    async reconcile(key) {
      const [namespace = "", name = ""] = key.split("/");
      const object = sealed.get(name, namespace) as SealedSecret | undefined;
      if (object === undefined || object.metadata.deletionTimestamp !== undefined) return;
      const problem = await unseal(context, object, secrets);
      await writeStatus(context, object, problem);
    },
  };
};

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace}/${metadata.name}`;

/** What the condition says, and the event with its own reason. */
interface Problem {
  readonly message: string;
  readonly event: readonly [reason: "ErrUnsealFailed" | "ErrUpdateFailed", message: string];
}

/** What is wrong, in the controller's own words; undefined when the Secret is as sealed. */
async function unseal(
  context: ControllerContext,
  object: SealedSecret,
  secrets: Informer,
): Promise<Problem | undefined> {
  const { name, namespace } = object.metadata;
  const data = open(object, activeKeys(secrets));
  if (typeof data === "string")
    return { message: data, event: ["ErrUnsealFailed", `Failed to unseal: ${data}`] };
  const existing = secrets.get(name, namespace);
  if (existing !== undefined && !isOwnedBy(existing, object)) {
    const said = `Resource "${name}" already exists and is not managed by SealedSecret`;
    return { message: `failed update: ${said}`, event: ["ErrUpdateFailed", said] };
  }
  const wanted = secretOf(object, data);
  if (existing !== undefined && isUpToDate(existing, wanted)) return undefined;
  await context.api.apply(wanted, { fieldManager: MANAGER, force: true });
  context.event(object, "Normal", "Unsealed", "SealedSecret unsealed successfully");
  return undefined;
}

function isOwnedBy(secret: KubernetesObject, { metadata }: SealedSecret): boolean {
  return (secret.metadata.ownerReferences ?? []).some(({ uid }) => uid === metadata.uid);
}

function activeKeys(secrets: Informer): readonly KeyObject[] {
  const holders = secrets.list(KEY_NAMESPACE).filter(isActiveKey);
  return holders.map((holder) => {
    const { "tls.key": key = "" } = holder["data"] as Readonly<Record<string, string>>;
    return createPrivateKey(Buffer.from(key, "base64"));
  });
}

function open(object: SealedSecret, keys: readonly KeyObject[]): Record<string, string> | string {
  const { name, namespace = "" } = object.metadata;
  const opened: Record<string, string> = {};
  for (const [key, blob] of Object.entries(object.spec.encryptedData ?? {})) {
    const plaintext = firstOf(keys, (candidate) =>
      unsealValue(blob, { name, namespace }, candidate),
    );
    if (plaintext === undefined) return `no key could decrypt secret (${key})`;
    opened[key] = plaintext.toString("base64");
  }
  return opened;
}

function firstOf<T, R>(items: readonly T[], attempt: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const result = attempt(item);
    if (result !== undefined) return result;
  }
  return undefined;
}

function secretOf(
  { metadata, spec }: SealedSecret,
  data: Record<string, string>,
): KubernetesObject {
  const { labels, annotations } = spec.template?.metadata ?? {};
  const owner = {
    ...SEALED_SECRET,
    name: metadata.name,
    uid: metadata.uid ?? "",
    controller: true,
  };
  return {
    ...SECRET,
    metadata: {
      name: metadata.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [owner],
    },
    type: spec.template?.type ?? "Opaque",
    data,
  };
}

function isUpToDate(existing: KubernetesObject, wanted: KubernetesObject): boolean {
  const labels = wanted.metadata.labels ?? {};
  return (
    deepEqual(existing["data"], wanted["data"]) &&
    existing["type"] === wanted["type"] &&
    Object.entries(labels).every(([key, value]) => existing.metadata.labels?.[key] === value)
  );
}

async function writeStatus(
  { api, clock, event }: ControllerContext,
  object: SealedSecret,
  problem: Problem | undefined,
): Promise<void> {
  const old = object.status?.conditions?.find(({ type }) => type === "Synced");
  const status = problem === undefined ? "True" : "False";
  const observed = object.status?.observedGeneration === object.metadata.generation;
  if (observed && old?.status === status && (old.message ?? "") === (problem?.message ?? ""))
    return;
  if (problem !== undefined) event(object, "Warning", ...problem.event);
  const now = formatInstant(clock.now());
  const condition: SyncedCondition = {
    type: "Synced",
    status,
    ...(problem === undefined ? {} : { message: problem.message }),
    lastUpdateTime: now,
    lastTransitionTime: old?.status === status ? (old.lastTransitionTime ?? now) : now,
  };
  const body = {
    status: { observedGeneration: object.metadata.generation, conditions: [condition] },
  };
  const { name, namespace } = object.metadata;
  const ref = { ...SEALED_SECRET, name, namespace };
  await api.patch(ref, { type: "merge", body }, { subresource: "status", fieldManager: MANAGER });
}
