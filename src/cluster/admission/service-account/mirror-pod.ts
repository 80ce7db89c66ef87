// A mirror pod shows what a node runs on its own account: the API can give it neither an account nor secrets.
// Mirrors plugin/pkg/admission/serviceaccount (Validate) and pkg/api/v1/pod (VisitPodSecretNames).

import { isRecord } from "../../../core/index.ts";
import type { Container, Pod } from "../../../kubernetes/index.ts";
import type { AccountedSpec } from "./service-account-kinds.ts";

/** What is wrong with the pod; undefined when nothing is. */
export function mirrorFault(pod: Pod): string | undefined {
  const spec: AccountedSpec = pod.spec;
  if ((spec.serviceAccountName ?? "") !== "") {
    return "a mirror pod may not reference service accounts";
  }
  if (referencesSecrets(spec)) return "a mirror pod may not reference secrets";
  const sources = (spec.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
  if (sources.some((source) => "serviceAccountToken" in source)) {
    return "a mirror pod may not use ServiceAccountToken volume projections";
  }
  return undefined;
}

/** Anywhere: pulling, environments, volumes. */
export function referencesSecrets(spec: AccountedSpec): boolean {
  const { containers, initContainers = [], ephemeralContainers = [] } = spec;
  return (
    (spec.imagePullSecrets ?? []).length > 0 ||
    [...containers, ...initContainers, ...ephemeralContainers].some(readsSecret) ||
    (spec.volumes ?? []).some(mountsSecret)
  );
}

function readsSecret({ env = [], envFrom = [] }: Container): boolean {
  return (
    envFrom.some(({ secretRef }) => secretRef !== undefined) ||
    env.some(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined)
  );
}

/** Beside `secret` itself, the sources that name one to log in with. */
const SECRET_FIELDS = [
  "secretRef",
  "nodePublishSecretRef",
  "controllerExpandSecretRef",
  "secretName",
];

function mountsSecret({
  projected,
  ...volume
}: object & { readonly projected?: unknown }): boolean {
  const sources =
    isRecord(projected) && Array.isArray(projected["sources"]) ? projected["sources"] : [];
  if (sources.some((source) => isRecord(source) && source["secret"] !== undefined)) return true;
  return Object.values(volume).some(
    (source) =>
      isRecord(source) && SECRET_FIELDS.some((field) => (source[field] ?? undefined) !== undefined),
  );
}
