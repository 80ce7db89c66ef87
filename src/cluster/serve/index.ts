export { certificateSigner } from "./pki/certificate-signer.ts";
export type { CertificateSigner, SigningTerms } from "./pki/certificate-signer.ts";
export { ensureCredentials } from "./pki/credentials.ts";
export type { CredentialOptions, Credentials } from "./pki/credentials.ts";
export type { CertificateAuthority, KeyPairPem } from "./pki/certificate-profile.ts";
export {
  createAuthority,
  issueCertificate,
  selfSignedCertificate,
} from "./pki/issue-certificate.ts";
export type { CertificateRequest } from "./pki/issue-certificate.ts";
export type { TokenAuthenticator } from "./authenticate.ts";
export type { HealthCheck } from "./health.ts";
export { kubeconfig } from "./kubeconfig.ts";
export type { KubeconfigCluster, KubeconfigOptions } from "./kubeconfig.ts";
export { serveApi, serverHosts } from "./serve-api.ts";
export type { ServedApi, ServeOptions } from "./serve-api.ts";
export type { CreationAnswer, CreationRequest } from "./server-context.ts";
export { webhookTransport } from "./webhook-transport.ts";
