// What the signers of Kubernetes ask of a request before they sign it. Mirrors kubernetes pkg/apis/certificates/helpers.go and
// pkg/controller/certificates/signer/signer.go (validAPIServerClientUsages).

import type { SigningRequest } from "./signing-request.ts";

export const API_CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client";
export const KUBELET_CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client-kubelet";
export const KUBELET_SERVING_SIGNER = "kubernetes.io/kubelet-serving";
export const LEGACY_SIGNER = "kubernetes.io/legacy-unknown";

type Rule = (request: SigningRequest, usages: readonly string[]) => string | undefined;

/** What is wrong with the request, by the name of the signer that is asked. */
export const SIGNER_RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  [API_CLIENT_SIGNER, (_request, usages) => clientFault(usages)],
  [KUBELET_CLIENT_SIGNER, kubeletClientFault],
  [KUBELET_SERVING_SIGNER, kubeletServingFault],
  // Nothing is asked, for the sake of what was there before signers had names.
  [LEGACY_SIGNER, () => undefined],
]);

export function kubeletClientFault(
  request: SigningRequest,
  usages: readonly string[],
): string | undefined {
  const { dnsNames, emails, addresses, uris } = request;
  if (!isOfNodes(request)) return NOT_OF_NODES;
  if (dnsNames.length > 0) return "DNS subjectAltNames are not allowed";
  if (emails.length > 0) return "Email subjectAltNames are not allowed";
  if (addresses.length > 0) return "IP subjectAltNames are not allowed";
  if (uris.length > 0) return "URI subjectAltNames are not allowed";
  if (!isNamedAsNode(request)) return NOT_A_NODE;
  return nodeUsagesFault(usages, "client auth");
}

function kubeletServingFault(
  request: SigningRequest,
  usages: readonly string[],
): string | undefined {
  const { dnsNames, emails, addresses, uris } = request;
  if (!isOfNodes(request)) return NOT_OF_NODES;
  if (dnsNames.length + addresses.length === 0) return "DNS or IP subjectAltName is required";
  if (emails.length > 0) return "Email subjectAltNames are not allowed";
  if (uris.length > 0) return "URI subjectAltNames are not allowed";
  return (
    nodeUsagesFault(usages, "server auth") ?? (isNamedAsNode(request) ? undefined : NOT_A_NODE)
  );
}

const NOT_OF_NODES = "subject organization is not system:nodes";
const NOT_A_NODE = "subject common name does not begin with system:node:";

function isOfNodes({ organizations }: SigningRequest): boolean {
  return organizations.length === 1 && organizations[0] === "system:nodes";
}

function isNamedAsNode({ commonName }: SigningRequest): boolean {
  return commonName.startsWith("system:node:");
}

/** RSA keys may also encipher keys; others cannot. */
function nodeUsagesFault(usages: readonly string[], purpose: string): string | undefined {
  const wanted = [purpose, "digital signature", "key encipherment"].toSorted();
  const given = new Set(usages);
  const others = [...given].filter((usage) => !wanted.includes(usage));
  const isComplete = given.has(purpose) && given.has("digital signature");
  return isComplete && others.length === 0
    ? undefined
    : `usages did not match [${wanted.join(" ")}]`;
}

const CLIENT_EXTRAS: readonly string[] = ["digital signature", "key encipherment"];

function clientFault(usages: readonly string[]): string | undefined {
  const other = usages.find((usage) => usage !== "client auth" && !CLIENT_EXTRAS.includes(usage));
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  if (usages.includes("client auth")) return undefined;
  return "missing required usage for client certificate: client auth";
}
