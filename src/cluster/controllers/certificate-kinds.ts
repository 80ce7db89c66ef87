// Requests for certificates, as their controllers read them.

import type { Condition, KindToken, KubernetesObject } from "../../kubernetes/index.ts";

export interface CertificateSigningRequest extends KubernetesObject {
  readonly spec?: {
    /** Base64 of PEM. */
    readonly request?: string;
    readonly signerName?: string;
    readonly usages?: readonly string[];
    readonly expirationSeconds?: number;
    readonly username?: string;
    readonly uid?: string;
    readonly groups?: readonly string[];
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
  readonly status?: {
    readonly conditions?: readonly (Condition & { readonly lastUpdateTime?: string })[];
    /** Base64 of PEM. */
    readonly certificate?: string;
  };
}

export const SIGNING_REQUEST: KindToken<CertificateSigningRequest> = {
  apiVersion: "certificates.k8s.io/v1",
  kind: "CertificateSigningRequest",
};

export function isDecided(request: CertificateSigningRequest, type: string): boolean {
  return (request.status?.conditions ?? []).some((one) => one.type === type);
}

export function isIssued({ status }: CertificateSigningRequest): boolean {
  return (status?.certificate ?? "") !== "";
}
