// Issues certificates for approved requests to the signers of Kubernetes, or says why not.
// Mirrors kubernetes pkg/controller/certificates/signer/signer.go, as one controller for all four signers.

import {
  informerOf,
  isConflict,
  isNotFound,
  parseSigningRequest,
  SIGNER_RULES,
} from "../../kubernetes/index.ts";
import type {
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

/** The PEM of the certificate. */
export type SignCertificate = (
  request: SigningRequest,
  terms: {
    readonly usages: readonly string[];
    readonly expirationSeconds?: number | undefined;
  },
) => string;

export function certificateSigningController(sign: SignCertificate): ControllerFactory {
  return (context) => {
    const requests = informerOf(context, SIGNING_REQUEST);
    return {
      name: "csrsigning",
      setup(enqueue) {
        requests.onChange((request) => {
          if (request !== undefined && isDue(request)) enqueue(request.metadata.name);
        });
      },
      async reconcile(name) {
        const request = requests.get(name);
        if (request === undefined || !isDue(request)) return;
        await write(context, { ...request, status: signed(request, sign) });
      },
    };
  };
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

async function write(
  { api }: ControllerContext,
  request: CertificateSigningRequest,
): Promise<void> {
  try {
    await api.update(request, { subresource: "status" });
  } catch (error) {
    // Somebody else was faster; their change comes back here.
    if (!isConflict(error) && !isNotFound(error)) throw error;
  }
}
