// The pods a node may make: mirrors of what it runs itself, owned by its Node and referring to nothing else.
// Mirrors admitPodCreate of plugin/pkg/admission/noderestriction.

import { statusError } from "../../../kubernetes/index.ts";
import type {
  AdmissionRequest,
  Container,
  OwnerReference,
  Pod,
} from "../../../kubernetes/index.ts";
import { referencesSecrets } from "../service-account/mirror-pod.ts";
import type { AccountedSpec } from "../service-account/service-account-kinds.ts";

const MIRROR = "kubernetes.io/config.mirror";

export function mirrorPodFault(
  node: string,
  pod: Pod,
  request: AdmissionRequest,
): string | undefined {
  const { metadata, spec } = pod;
  if (metadata.annotations?.[MIRROR] === undefined) {
    return `pod does not have "${MIRROR}" annotation, node "${node}" can only create mirror pods`;
  }
  if (spec.nodeName !== node) {
    return `node "${node}" can only create pods with spec.nodeName set to itself`;
  }
  const fault = ownerFault(node, metadata.ownerReferences ?? [], request);
  if (fault !== undefined) return fault;
  const found = references(spec).find(([, refers]) => refers);
  return found && `node "${node}" can not create pods that reference ${found[0]}`;
}

function ownerFault(
  node: string,
  owners: readonly OwnerReference[],
  { live }: AdmissionRequest,
): string | undefined {
  const subject = `node "${node}" can only create pods with`;
  if (owners.length > 1) return `${subject} a single owner reference set to itself`;
  const [owner] = owners;
  const isOwn = owner?.apiVersion === "v1" && owner.kind === "Node" && owner.name === node;
  if (!isOwn) return `${subject} an owner reference set to itself`;
  if (owner.controller !== true) {
    return `${subject} a controller owner reference set to itself`;
  }
  if (owner.blockOwnerDeletion === true) {
    return `node "${node}" must not set blockOwnerDeletion on an owner reference`;
  }
  const found = live.get({ apiVersion: "v1", kind: "Node", name: node });
  if (found === undefined) {
    throw statusError("NotFound", `nodes "${node}" not found`, { name: node, kind: "nodes" });
  }
  return owner.uid === found.metadata.uid
    ? undefined
    : `node ${node} UID mismatch: expected ${owner.uid} got ${found.metadata.uid}`;
}

function references(spec: AccountedSpec): readonly (readonly [what: string, refers: boolean])[] {
  const { volumes = [], containers, initContainers = [], ephemeralContainers = [] } = spec;
  const everybody = [...containers, ...initContainers, ...ephemeralContainers];
  const sources = volumes.flatMap(({ projected }) => projected?.sources ?? []);
  return [
    ["a service account", (spec.serviceAccountName ?? "") !== ""],
    ["secrets", referencesSecrets(spec)],
    [
      "configmaps",
      everybody.some(readsConfigMap) ||
        volumes.some(({ configMap }) => configMap !== undefined) ||
        sources.some(({ configMap }) => configMap !== undefined),
    ],
    ["clustertrustbundles", sources.some((source) => "clusterTrustBundle" in source)],
    ["persistentvolumeclaims", volumes.some((one) => one.persistentVolumeClaim !== undefined)],
  ];
}

function readsConfigMap({ env = [], envFrom = [] }: Container): boolean {
  return (
    envFrom.some(({ configMapRef }) => configMapRef !== undefined) ||
    env.some(({ valueFrom }) => valueFrom?.configMapKeyRef !== undefined)
  );
}
