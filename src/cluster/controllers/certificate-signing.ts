// Issues certificates for approved requests to the signers of Kubernetes, or says why not.
// Mirrors kubernetes pkg/controller/certificates/signer/signer.go, as one controller for all four signers.

import { parseSigningRequest, SIGNER_RULES } from "../../kubernetes/index.ts";
import type { ControllerFactory, SigningRequest } from "../../kubernetes/index.ts";
import { isDecided, isIssued, type CertificateSigningRequest } from "./certificate-kinds.ts";
import { signingRequestController } from "./signing-request-controller.ts";

/** The PEM of the certificate. */
export type SignCertificate = (
  request: SigningRequest,
  terms: {
    readonly usages: readonly string[];
    readonly expirationSeconds?: number | undefined;
  },
) => string;

export function certificateSigningController(sign: SignCertificate): ControllerFactory {
  return signingRequestController({
    name: "csrsigning",
    subresource: "status",
    isDue,
    decide: (request) => signed(request, sign),
  });
}

function isDue(request: CertificateSigningRequest): boolean {
  const isOurs = SIGNER_RULES.has(request.spec?.signerName ?? "");
  if (!isOurs || isIssued(request)) return false;
  // A request is approved unless it is denied as well.
  return ["Denied", "Failed"].every((type) => !isDecided(request, type))
    ? isDecided(request, "Approved")
    : false;
}

function signed(
  { spec, status }: CertificateSigningRequest,
  sign: SignCertificate,
): NonNullable<CertificateSigningRequest["status"]> {
  const { request: pem = "", usages = [], signerName = "", expirationSeconds } = spec ?? {};
  const asked = parseSigningRequest(pem);
  const message = SIGNER_RULES.get(signerName)?.(asked, usages);
  if (message !== undefined) {
    const reason = "SignerValidationFailure";
    const failed = { type: "Failed", status: "True", reason, message } as const;
    return { ...status, conditions: [...(status?.conditions ?? []), failed] };
  }
  const certificate = sign(asked, { usages, expirationSeconds });
  return { ...status, certificate: Buffer.from(certificate, "utf8").toString("base64") };
}
