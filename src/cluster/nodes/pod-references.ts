// The Secrets and ConfigMaps a pod cannot start without, and what the kubelet says while one is missing.
// Mirrors pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables) and the volume plug-ins.

import type { Container, Pod, TypedInformer } from "../../kubernetes/index.ts";
import type { ConfigMap, Secret } from "../controllers/namespace-kinds.ts";
import { deriveOnce } from "../store/index.ts";
import type { DeriveOnce } from "../store/index.ts";

export type ReferenceKind = "Secret" | "ConfigMap";

export interface Reference {
  readonly kind: ReferenceKind;
  readonly name: string;
  /** A key that must be there; undefined when any content will do. */
  readonly key: string | undefined;
  /** Needed for the environment of this container, or to mount this volume. */
  readonly for: { readonly container: string } | { readonly volume: string };
}

export interface ReferenceInformers {
  readonly secrets: TypedInformer<Secret>;
  readonly configMaps: TypedInformer<ConfigMap>;
}

/** `config-error` shows in a container's status, `mount-error` only as an event. */
export interface MissingReference {
  readonly reference: Reference;
  readonly outcome: "config-error" | "mount-error";
  readonly message: string;
}

/** Everything the pod refers to; optional references only when asked for. */
export function referencesOf({ spec }: Pod, which?: "and optional"): readonly Reference[] {
  const all = which !== undefined;
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  return [
    ...volumeReferences(spec, all),
    ...containers.flatMap((container) => environmentReferences(container, all)),
  ];
}

function volumeReferences({ volumes = [] }: Pod["spec"], all: boolean): readonly Reference[] {
  return volumes.flatMap(({ name: volume, secret, configMap, projected }) => {
    const found: Reference[] = [];
    const need = (
      kind: ReferenceKind,
      name: string | undefined,
      optional?: boolean,
      key?: string,
    ) => {
      if (name !== undefined && (all || optional !== true))
        found.push({ kind, name, key, for: { volume } });
    };
    if (secret !== undefined)
      need("Secret", secret.secretName, secret.optional, secret.items?.[0]?.key);
    if (configMap !== undefined)
      need("ConfigMap", configMap.name, configMap.optional, configMap.items?.[0]?.key);
    for (const source of projected?.sources ?? []) {
      need("Secret", source.secret?.name, source.secret?.optional);
      need("ConfigMap", source.configMap?.name, source.configMap?.optional);
    }
    return found;
  });
}

function environmentReferences(
  { name: container, env = [], envFrom = [] }: Container,
  all: boolean,
): readonly Reference[] {
  const found: Reference[] = [];
  const need = (
    kind: ReferenceKind,
    reference:
      | { readonly name?: string; readonly key?: string; readonly optional?: boolean }
      | undefined,
  ): void => {
    if (reference?.name === undefined || (!all && reference.optional === true)) return;
    found.push({ kind, name: reference.name, key: reference.key, for: { container } });
  };
  for (const { secretRef, configMapRef } of envFrom) {
    need("Secret", secretRef);
    need("ConfigMap", configMapRef);
  }
  for (const { valueFrom } of env) {
    need("Secret", valueFrom?.secretKeyRef);
    need("ConfigMap", valueFrom?.configMapKeyRef);
  }
  return found;
}

const neededOnce: DeriveOnce<readonly Reference[]> = deriveOnce();

/** Pods of one template need the same. */
function needsOf(pod: Pod): readonly Reference[] {
  const { containers, volumes, initContainers } = pod.spec;
  return neededOnce(containers, [volumes, initContainers], () => referencesOf(pod));
}

/** The first reference that cannot be resolved; volumes are mounted before any of the containers that start now. */
export function findMissing(
  pod: Pod,
  starting: readonly Container[],
  informers: ReferenceInformers,
): MissingReference | undefined {
  const namespace = pod.metadata.namespace ?? "";
  for (const reference of needsOf(pod)) {
    const { kind, name, key, for: user } = reference;
    if ("container" in user && !starting.some(({ name: one }) => one === user.container)) continue;
    const object =
      kind === "Secret"
        ? informers.secrets.get(name, namespace)
        : informers.configMaps.get(name, namespace);
    const why =
      object === undefined
        ? "absent"
        : key !== undefined && !hasKey(object, key)
          ? "key"
          : undefined;
    if (why !== undefined) return describe(reference, namespace, why);
  }
  return undefined;
}

function hasKey(object: ConfigMap | Secret, key: string): boolean {
  if (object.data?.[key] !== undefined) return true;
  const { binaryData } = object;
  return typeof binaryData === "object" && binaryData !== null && key in binaryData;
}

function describe(
  reference: Reference,
  namespace: string,
  why: "absent" | "key",
): MissingReference {
  const { kind, name, key } = reference;
  const resource = kind.toLowerCase();
  if ("container" in reference.for) {
    const message =
      why === "absent"
        ? `${resource} "${name}" not found`
        : `couldn't find key ${key} in ${kind} ${namespace}/${name}`;
    return { reference, outcome: "config-error", message };
  }
  const { volume } = reference.for;
  const cause =
    why === "absent"
      ? `${resource} "${name}" not found`
      : `references non-existent ${resource} key: ${key}`;
  const message = `MountVolume.SetUp failed for volume "${volume}" : ${cause}`;
  return { reference, outcome: "mount-error", message };
}
