// An account annotated kubernetes.io/enforce-mountable-secrets lets its pods use only the secrets it lists.
// Mirrors plugin/pkg/admission/serviceaccount (limitSecretReferences, limitEphemeralContainerSecretReferences).

import type { Container, Pod } from "../../../kubernetes/index.ts";
import type { AccountedSpec, NamedReference, ServiceAccount } from "./service-account-kinds.ts";

const ENFORCE = "kubernetes.io/enforce-mountable-secrets";
/** What Go's strconv.ParseBool takes for true. */
const TRUE: ReadonlySet<string> = new Set(["1", "t", "T", "true", "TRUE", "True"]);

/** The first secret the account does not list; undefined when all are allowed. */
export function secretFault(
  account: ServiceAccount,
  pod: Pod,
  onlyEphemeral: boolean,
): string | undefined {
  const { name } = account.metadata;
  if (!TRUE.has(account.metadata.annotations?.[ENFORCE] ?? "")) return undefined;
  const spec: AccountedSpec = pod.spec;
  const mountable = namesOf(account.secrets);
  const { ephemeralContainers = [], initContainers = [], containers } = spec;
  if (onlyEphemeral) {
    return environmentFault("ephemeral container", ephemeralContainers, mountable, name);
  }
  return (
    volumeFault(spec, mountable, name) ??
    environmentFault("init container", initContainers, mountable, name) ??
    environmentFault("container", containers, mountable, name) ??
    pullFault(spec, namesOf(account.imagePullSecrets), name)
  );
}

function namesOf(references: readonly NamedReference[] = []): ReadonlySet<string | undefined> {
  return new Set(references.map(({ name }) => name));
}

function volumeFault(
  { volumes = [] }: AccountedSpec,
  allowed: ReadonlySet<string | undefined>,
  account: string,
): string | undefined {
  const found = volumes.find(({ secret }) => secret && !allowed.has(secret.secretName));
  return (
    found &&
    `volume with secret.secretName="${found.secret?.secretName}" is not allowed because service account ${account} does not reference that secret`
  );
}

function environmentFault(
  what: string,
  containers: readonly Container[],
  allowed: ReadonlySet<string | undefined>,
  account: string,
): string | undefined {
  for (const { name, env = [] } of containers) {
    for (const { name: variable, valueFrom } of env) {
      const secret = valueFrom?.secretKeyRef;
      if (secret === undefined || allowed.has(secret.name)) continue;
      return `${what} ${name} with envVar ${variable} referencing secret.secretName="${secret.name}" is not allowed because service account ${account} does not reference that secret`;
    }
  }
  return undefined;
}

function pullFault(
  { imagePullSecrets = [] }: AccountedSpec,
  allowed: ReadonlySet<string | undefined>,
  account: string,
): string | undefined {
  const index = imagePullSecrets.findIndex(({ name }) => !allowed.has(name));
  return index < 0
    ? undefined
    : `imagePullSecrets[${index}].name="${imagePullSecrets[index]?.name}" is not allowed because service account ${account} does not reference that imagePullSecret`;
}
