// The volume with token, certificate authority and namespace, mounted into every container that has nothing else there.
// Mirrors plugin/pkg/admission/serviceaccount (mountServiceAccountToken, TokenVolumeSource).

import { NAME_ALPHABET } from "../../../core/index.ts";
import type { Rng } from "../../../core/index.ts";
import type { AccountedSpec, MountingContainer, VolumeMount } from "./service-account-kinds.ts";

const PREFIX = "kube-api-access-";
const MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
/** An hour and seven seconds: clients that know nothing of rotation can be told from those that asked for an hour. */
const EXPIRATION_SECONDS = 3607;

export function withToken(spec: AccountedSpec, rng: Rng): AccountedSpec {
  const { volumes = [], initContainers } = spec;
  // Validation comes later: a list that was left out is null until then.
  const containers = (spec.containers as AccountedSpec["containers"] | null) ?? [];
  if (containers.length === 0) return spec;
  const present = volumes.find(({ name }) => name.startsWith(PREFIX));
  const everybody = [...(initContainers ?? []), ...containers];
  if (everybody.every(isMounted)) return spec;
  const name = present?.name ?? PREFIX + rng.text(5, NAME_ALPHABET);
  const mount: VolumeMount = { name, readOnly: true, mountPath: MOUNT_PATH };
  const mounting = (container: MountingContainer): MountingContainer =>
    isMounted(container)
      ? container
      : { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] };
  return {
    ...spec,
    ...(present === undefined ? { volumes: [...volumes, tokenVolume(name)] } : {}),
    containers: containers.map(mounting),
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(mounting) }),
  };
}

function isMounted({ volumeMounts = [] }: MountingContainer): boolean {
  return volumeMounts.some(({ mountPath }) => mountPath === MOUNT_PATH);
}

function tokenVolume(name: string) {
  return { name, projected: TOKEN_SOURCES };
}

/** The same for every pod, so all share it. */
const TOKEN_SOURCES = {
  sources: [
    { serviceAccountToken: { expirationSeconds: EXPIRATION_SECONDS, path: "token" } },
    { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    {
      downwardAPI: {
        items: [
          { path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } },
        ],
      },
    },
  ],
  defaultMode: 0o644,
};
