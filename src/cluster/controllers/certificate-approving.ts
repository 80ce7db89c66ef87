// Approves what kubelets ask for to authenticate themselves, when RBAC lets whoever asked have it.
// Mirrors kubernetes pkg/controller/certificates/approver/sarapprove.go.

import {
  KUBELET_CLIENT_SIGNER,
  kubeletClientFault,
  parseSigningRequest,
} from "../../kubernetes/index.ts";
import type { Authorizer, ControllerFactory, SigningRequest } from "../../kubernetes/index.ts";
import { isDecided, isIssued, type CertificateSigningRequest } from "./certificate-kinds.ts";
import { signingRequestController } from "./signing-request-controller.ts";

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
  return signingRequestController({
    name: "csrapproving",
    subresource: "approval",
    isDue: isOpen,
    decide(request) {
      const message = approvalOf(request, authorizer);
      return message === undefined ? undefined : approved(request, message);
    },
  });
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

function approved(
  { status }: CertificateSigningRequest,
  message: string,
): CertificateSigningRequest["status"] {
  const condition = { type: "Approved", status: "True", reason: "AutoApproved", message } as const;
  return { ...status, conditions: [...(status?.conditions ?? []), condition] };
}
