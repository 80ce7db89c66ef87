// Approves what kubelets ask for to authenticate themselves, when RBAC lets whoever asked have it.
// Mirrors kubernetes pkg/controller/certificates/approver/sarapprove.go.

import {
  informerOf,
  isConflict,
  isNotFound,
  KUBELET_CLIENT_SIGNER,
  kubeletClientFault,
  parseSigningRequest,
} from "../../kubernetes/index.ts";
import type {
  Authorizer,
  ControllerContext,
  ControllerFactory,
  SigningRequest,
} from "../../kubernetes/index.ts";
import {
  isDecided,
  isIssued,
  SIGNING_REQUEST,
  type CertificateSigningRequest,
} from "./certificate-kinds.ts";

interface Recognition {
  /** What whoever asked must be allowed to create, below requests for certificates. */
  readonly subresource: string;
  readonly message: string;
  readonly fits: (request: CertificateSigningRequest, asked: SigningRequest) => boolean;
}

const RECOGNISED: readonly Recognition[] = [
  {
    subresource: "selfnodeclient",
    message: "Auto approving self kubelet client certificate after SubjectAccessReview.",
    fits: ({ spec }, asked) => spec?.username === asked.commonName,
  },
  {
    subresource: "nodeclient",
    message: "Auto approving kubelet client certificate after SubjectAccessReview.",
    fits: () => true,
  },
];

export function certificateApprovingController(authorizer: Authorizer): ControllerFactory {
  return (context) => {
    const requests = informerOf(context, SIGNING_REQUEST);
    return {
      name: "csrapproving",
      setup(enqueue) {
        requests.onChange((request) => {
          if (request !== undefined && isOpen(request)) enqueue(request.metadata.name);
        });
      },
      async reconcile(name) {
        const request = requests.get(name);
        if (request === undefined || !isOpen(request)) return;
        const message = approvalOf(request, authorizer);
        if (message !== undefined) await approve(context, request, message);
      },
    };
  };
}

function isOpen(request: CertificateSigningRequest): boolean {
  if (request.spec?.signerName !== KUBELET_CLIENT_SIGNER || isIssued(request)) return false;
  return !isDecided(request, "Approved") && !isDecided(request, "Denied");
}

function approvalOf(
  request: CertificateSigningRequest,
  authorizer: Authorizer,
): string | undefined {
  const { request: pem = "", usages = [] } = request.spec ?? {};
  const asked = parseSigningRequest(pem);
  if (kubeletClientFault(asked, usages) !== undefined) return undefined;
  return RECOGNISED.find(
    (one) => one.fits(request, asked) && mayHave(request, one.subresource, authorizer),
  )?.message;
}

function mayHave(
  { spec }: CertificateSigningRequest,
  subresource: string,
  authorizer: Authorizer,
): boolean {
  const { username: name = "", uid, groups = [], extra } = spec ?? {};
  const { decision } = authorizer({
    user: {
      name,
      groups,
      ...(uid === undefined ? {} : { uid }),
      ...(extra === undefined ? {} : { extra }),
    },
    verb: "create",
    group: "certificates.k8s.io",
    version: "*",
    resource: "certificatesigningrequests",
    subresource,
    namespace: "",
    name: "",
  });
  return decision === "allow";
}

async function approve(
  { api }: ControllerContext,
  request: CertificateSigningRequest,
  message: string,
): Promise<void> {
  const condition = { type: "Approved", status: "True", reason: "AutoApproved", message };
  const conditions = [...(request.status?.conditions ?? []), condition];
  const approved = { ...request, status: { ...request.status, conditions } };
  try {
    await api.update(approved, { subresource: "approval" });
  } catch (error) {
    // Somebody else was faster; their change comes back here.
    if (!isConflict(error) && !isNotFound(error)) throw error;
  }
}
