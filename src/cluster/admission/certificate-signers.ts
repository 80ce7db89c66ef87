// Whoever approves or signs a certificate request must be allowed to for its signer, and nobody becomes an administrator by one.
// Mirrors plugin/pkg/admission/certificates/{approval,signing,subjectrestriction} and pkg/.../certificates/util.go
// (IsAuthorizedForSignerName).

import { deepEqual, isRecord } from "../../core/index.ts";
import {
  admissionForbidden,
  API_CLIENT_SIGNER,
  DerError,
  isFor,
  parseSigningRequest,
} from "../../kubernetes/index.ts";
import type {
  AdmissionPlugin,
  Authorizer,
  KubernetesObject,
  UserInfo,
} from "../../kubernetes/index.ts";

const REQUESTS = "certificatesigningrequests.certificates.k8s.io";

/** `authorizer` is asked about `signers`, by name and by domain. */
export function certificateApproval(authorizer: Authorizer): AdmissionPlugin {
  return {
    name: "CertificateApproval",
    handles: (subject) => subject.operation === "UPDATE" && isFor(subject, REQUESTS, "approval"),
    validate(request) {
      const { oldObject, user } = request;
      const signer = signerOf(oldObject);
      if (isAllowed(authorizer, user, "approve", signer)) return;
      const why = `user not permitted to approve requests with signerName "${signer}"`;
      throw admissionForbidden(request, why);
    },
  };
}

export function certificateSigning(authorizer: Authorizer): AdmissionPlugin {
  return {
    name: "CertificateSigning",
    handles: (subject) => subject.operation === "UPDATE" && isFor(subject, REQUESTS, "status"),
    validate(request) {
      const { object, oldObject, user } = request;
      if (["certificate", "conditions"].every((field) => isSame(object, oldObject, field))) return;
      const signer = signerOf(oldObject);
      if (isAllowed(authorizer, user, "sign", signer)) return;
      const why = `user not permitted to sign requests with signerName "${signer}"`;
      throw admissionForbidden(request, why);
    },
  };
}

export const certificateSubjectRestriction: AdmissionPlugin = {
  name: "CertificateSubjectRestriction",
  handles: (subject) => subject.operation === "CREATE" && isFor(subject, REQUESTS),
  validate(request) {
    if (signerOf(request.object) !== API_CLIENT_SIGNER) return;
    const { organizations, fault } = readOrganizations(request.object);
    if (fault !== undefined) throw admissionForbidden(request, `failed to parse CSR: ${fault}`);
    if (!organizations.includes("system:masters")) return;
    const why = `use of ${API_CLIENT_SIGNER} signer with system:masters group is not allowed`;
    throw admissionForbidden(request, why);
  },
};

function readOrganizations(request: KubernetesObject | undefined): {
  readonly organizations: readonly string[];
  readonly fault?: string;
} {
  const { request: pem } = isRecord(request?.["spec"]) ? request["spec"] : {};
  try {
    return parseSigningRequest(typeof pem === "string" ? pem : "");
  } catch (error) {
    if (error instanceof DerError) return { organizations: [], fault: error.message };
    throw error;
  }
}

function signerOf(request: KubernetesObject | undefined): string {
  const spec = isRecord(request?.["spec"]) ? request["spec"] : {};
  return typeof spec["signerName"] === "string" ? spec["signerName"] : "";
}

function isSame(
  object: KubernetesObject | undefined,
  old: KubernetesObject | undefined,
  field: string,
): boolean {
  const read = (one: KubernetesObject | undefined): unknown =>
    isRecord(one?.["status"]) ? one["status"][field] : undefined;
  return deepEqual(read(object), read(old));
}

function isAllowed(authorizer: Authorizer, user: UserInfo, verb: string, signer: string): boolean {
  const [domain = ""] = signer.split("/");
  return [signer, `${domain}/*`].some((name) => {
    const attributes = {
      user,
      verb,
      group: "certificates.k8s.io",
      version: "*",
      resource: "signers",
      subresource: "",
      namespace: "",
      name,
    };
    return authorizer(attributes).decision === "allow";
  });
}
