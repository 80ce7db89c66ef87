// Every pod runs as a service account of its namespace and finds that account's token where clients look for it.
// Mirrors plugin/pkg/admission/serviceaccount @v1.36. Secrets are limited only where the account's annotation says so.

import type { Clock, Rng } from "../../../core/index.ts";
import { admissionForbidden, isFor } from "../../../kubernetes/index.ts";
import type {
  AdmissionPlugin,
  AdmissionRequest,
  AdmissionSubject,
  KubernetesObject,
  Pod,
} from "../../../kubernetes/index.ts";
import { deriveOnce } from "../../store/index.ts";
import type { DeriveOnce, Store } from "../../store/index.ts";
import { secretFault } from "./allowed-secrets.ts";
import { awaitAccount } from "./await-account.ts";
import { mirrorFault } from "./mirror-pod.ts";
import type { AccountedPod, AccountedSpec, ServiceAccount } from "./service-account-kinds.ts";
import { withToken } from "./token-volume.ts";

export interface ServiceAccountOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly rng: Rng;
}

const DEFAULT_ACCOUNT = "default";
const MIRROR = "kubernetes.io/config.mirror";

export function serviceAccount(options: ServiceAccountOptions): AdmissionPlugin {
  // Pods of one template get one name for their token's volume, where the real server draws another for each.
  const specOnce: DeriveOnce<AccountedSpec> = deriveOnce();
  return {
    name: "ServiceAccount",
    handles: (subject) => isCreated(subject) || isExtended(subject),
    mutate(request) {
      const { object } = request;
      if (!isCreated(request) || object === undefined) return object;
      // Decoding has given the object the shape of its kind.
      const pod = object as AccountedPod;
      if (isMirror(pod)) {
        // Nothing is put into it, so that what it may not have is told of before its other faults.
        check(request, object as Pod, false);
        return object;
      }
      const name = pod.spec.serviceAccountName || DEFAULT_ACCOUNT;
      const go = (account: ServiceAccount | undefined): KubernetesObject => {
        if (account === undefined) throw unknownAccount(request, name);
        const derive = (): AccountedSpec => asAccount(pod.spec, name, account, options.rng);
        return { ...pod, spec: specOnce(pod.spec, [account], derive) };
      };
      const account = find(request, name);
      return account === undefined && name === DEFAULT_ACCOUNT
        ? awaitAccount(options, request.namespace, name).then(go)
        : go(account);
    },
    validate(request) {
      const { object } = request;
      if (object !== undefined) check(request, object as Pod, isExtended(request));
    },
  };
}

function isCreated(subject: AdmissionSubject): boolean {
  return subject.operation === "CREATE" && isFor(subject, "pods");
}

function isExtended(subject: AdmissionSubject): boolean {
  return subject.operation === "UPDATE" && isFor(subject, "pods", "ephemeralcontainers");
}

function asAccount(
  own: AccountedSpec,
  name: string,
  account: ServiceAccount,
  rng: Rng,
): AccountedSpec {
  // The old field keeps its copy of the name, as conversion gives it.
  const spec = { ...own, serviceAccountName: name, serviceAccount: name };
  const automount =
    spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
  const mounted = automount ? withToken(spec, rng) : spec;
  const { imagePullSecrets = [] } = mounted;
  const inherited = account.imagePullSecrets ?? [];
  return imagePullSecrets.length > 0 || inherited.length === 0
    ? mounted
    : { ...mounted, imagePullSecrets: inherited };
}

function check(request: AdmissionRequest, pod: Pod, onlyEphemeral: boolean): void {
  if (isMirror(pod)) {
    const fault = onlyEphemeral ? undefined : mirrorFault(pod);
    if (fault !== undefined) throw admissionForbidden(request, fault);
    return;
  }
  const name = pod.spec.serviceAccountName ?? "";
  if (name === "") {
    const why = `no service account specified for pod ${request.namespace}/${pod.metadata.name}`;
    throw admissionForbidden(request, why);
  }
  const account = find(request, name);
  if (account === undefined) throw unknownAccount(request, name);
  const fault = secretFault(account, pod, onlyEphemeral);
  if (fault !== undefined) throw admissionForbidden(request, fault);
}

function find({ live, namespace }: AdmissionRequest, name: string): ServiceAccount | undefined {
  return live.get({ apiVersion: "v1", kind: "ServiceAccount", namespace, name });
}

function isMirror({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.[MIRROR] !== undefined;
}

function unknownAccount(request: AdmissionRequest, name: string): Error {
  const why = `error looking up service account ${request.namespace}/${name}: serviceaccount "${name}" not found`;
  return admissionForbidden(request, why);
}
