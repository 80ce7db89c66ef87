// Keeps the Secret of every Certificate: issues it when it is missing or says something else, renews it in time. Mirrors
// cert-manager pkg/controller/certificates/{trigger,issuing,readiness}, v1.21, without the CertificateRequests in between.

import { X509Certificate } from "node:crypto";

import { formatInstant, invariant, parseDuration } from "../../../../core/index.ts";
import type {
  ControllerContext,
  ControllerFactory,
  Informer,
  KubernetesObject,
} from "../../../../kubernetes/index.ts";
import type { CertificateSigning, SignedPair } from "../../../../model/index.ts";
import {
  CERTIFICATE,
  CLUSTER_ISSUER,
  ISSUER_NAMESPACE,
  MANAGER,
  readyOf,
  SECRET,
  writeReady,
  type Certificate,
  type ClusterIssuer,
} from "./resources.ts";

/** cert-manager's defaults: 90 days, renewed when a third is left (pkg/apis/certmanager/v1/const.go). */
const DEFAULT_DURATION = "2160h";
const RENEW_FRACTION = 1 / 3;
const NAMES = "cert-manager.io/alt-names";
const COMMON_NAME = "cert-manager.io/common-name";
const ISSUER_NAME = "cert-manager.io/issuer-name";
const YEAR_MS = 365 * 24 * 60 * 60_000;

export function certificateController(signing: CertificateSigning): ControllerFactory {
  return (context) => {
    const informers: Informers = {
      certificates: context.informer(CERTIFICATE),
      issuers: context.informer(CLUSTER_ISSUER),
      secrets: context.informer(SECRET),
    };
    const acme = acmeAuthority(context, signing);
    return {
      name: "certificates",
      setup: (enqueue) => wire(informers, enqueue),
      async reconcile(key) {
        const [namespace = "", name = ""] = key.split("/");
        const certificate = informers.certificates.get(name, namespace) as Certificate | undefined;
        if (certificate === undefined || certificate.metadata.deletionTimestamp !== undefined)
          return;
        const renewalMs = renewalOf(certificate, informers);
        if (renewalMs === undefined || renewalMs <= context.clock.now()) {
          await issue(certificate, { context, informers, signing, acme });
          return;
        }
        await reportReady(context, certificate, informers, renewalMs);
        return { requeueAfterMs: renewalMs - context.clock.now() };
      },
    };
  };
}

interface Informers {
  readonly certificates: Informer;
  readonly issuers: Informer;
  readonly secrets: Informer;
}

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace}/${metadata.name}`;

function wire({ certificates, issuers, secrets }: Informers, enqueue: (key: string) => void): void {
  certificates.onChange((current) => current && enqueue(keyOf(current)));
  issuers.onChange((current) => {
    if (readyOf((current as ClusterIssuer | undefined)?.status)?.status !== "True") return;
    for (const certificate of certificates.list()) enqueue(keyOf(certificate));
  });
  secrets.onChange((current, old) => {
    const { name, namespace } = (current ?? old)?.metadata ?? {};
    for (const certificate of certificates.list(namespace))
      if ((certificate as Certificate).spec.secretName === name) enqueue(keyOf(certificate));
  });
}

/** When the Secret has to be made anew; undefined where it is not what the Certificate asks for. */
function renewalOf(certificate: Certificate, informers: Informers): number | undefined {
  const secret = secretOf(certificate, informers);
  const pem = textOf(secret, "tls.crt");
  if (secret === undefined || pem === undefined || textOf(secret, "tls.key") === undefined)
    return undefined;
  const annotations = secret.metadata.annotations ?? {};
  const wanted = annotationsOf(certificate);
  if (Object.entries(wanted).some(([key, value]) => annotations[key] !== value)) return undefined;
  const notAfter = Date.parse(new X509Certificate(pem).validTo);
  return notAfter - renewBeforeMs(certificate);
}

function secretOf(
  { metadata, spec }: Certificate,
  { secrets }: Informers,
): KubernetesObject | undefined {
  return secrets.get(spec.secretName, metadata.namespace);
}

function textOf(secret: KubernetesObject | undefined, key: string): string | undefined {
  const data = (secret?.["data"] ?? {}) as Readonly<Record<string, string>>;
  const value = data[key];
  return value === undefined ? undefined : Buffer.from(value, "base64").toString("utf8");
}

function annotationsOf({ spec }: Certificate): Readonly<Record<string, string>> {
  return {
    [NAMES]: (spec.dnsNames ?? []).join(","),
    [COMMON_NAME]: commonNameOf(spec),
    [ISSUER_NAME]: spec.issuerRef.name,
  };
}

const commonNameOf = ({ commonName, dnsNames }: Certificate["spec"]): string =>
  commonName ?? dnsNames?.[0] ?? "";

const lifetimeMs = ({ spec }: Certificate): number => millis(spec.duration ?? DEFAULT_DURATION);

function renewBeforeMs(certificate: Certificate): number {
  const { renewBefore } = certificate.spec;
  return renewBefore === undefined ? lifetimeMs(certificate) * RENEW_FRACTION : millis(renewBefore);
}

function millis(text: string): number {
  const parsed = parseDuration(text);
  invariant(parsed !== undefined, `the API server accepts only durations, not ${text}`);
  return parsed;
}

interface Issuing {
  readonly context: ControllerContext;
  readonly informers: Informers;
  readonly signing: CertificateSigning;
  readonly acme: () => SignedPair;
}

async function issue(certificate: Certificate, issuing: Issuing): Promise<void> {
  const { context, informers } = issuing;
  const issuer = informers.issuers.get(certificate.spec.issuerRef.name) as
    | ClusterIssuer
    | undefined;
  if (issuer === undefined || readyOf(issuer.status)?.status !== "True") {
    const message = "Issuing certificate as Secret does not exist";
    await writeReady(context, certificate, { status: "False", reason: "DoesNotExist", message });
    return;
  }
  const signed = sign(certificate, issuer, issuing);
  await context.api.apply(secretFor(certificate, signed), { fieldManager: MANAGER, force: true });
  context.event(certificate, "Normal", "Issuing", "The certificate has been successfully issued");
}

interface Signed extends SignedPair {
  readonly authorityPem: string;
}

function sign(
  certificate: Certificate,
  { spec }: ClusterIssuer,
  { context, informers, signing, acme }: Issuing,
): Signed {
  const now = context.clock.now();
  const commonName = commonNameOf(certificate.spec);
  const request = { commonName, now, lifetimeMs: lifetimeMs(certificate) };
  if (spec.selfSigned !== undefined) {
    const pair = signing.createAuthority(request);
    return { ...pair, authorityPem: pair.certificatePem };
  }
  const authority = spec.ca === undefined ? acme() : authorityIn(informers, spec.ca.secretName);
  const hosts = certificate.spec.dnsNames ?? [];
  const pair = signing.issueCertificate(authority, { ...request, hosts });
  return { ...pair, authorityPem: authority.certificatePem };
}

function authorityIn({ secrets }: Informers, secretName: string): SignedPair {
  const secret = secrets.get(secretName, ISSUER_NAMESPACE);
  const certificatePem = textOf(secret, "tls.crt");
  const keyPem = textOf(secret, "tls.key");
  invariant(
    certificatePem !== undefined && keyPem !== undefined,
    "a ready issuer has its key pair",
  );
  return { certificatePem, keyPem };
}

/** Stands for the ACME server's; made when it is first needed. */
function acmeAuthority(
  { clock }: ControllerContext,
  signing: CertificateSigning,
): () => SignedPair {
  let authority: SignedPair | undefined;
  return () =>
    (authority ??= signing.createAuthority({
      commonName: "simulated ACME authority",
      now: clock.now(),
      lifetimeMs: 10 * YEAR_MS,
    }));
}

function secretFor(certificate: Certificate, signed: Signed): KubernetesObject {
  const { metadata, spec } = certificate;
  const encoded = (text: string): string => Buffer.from(text).toString("base64");
  return {
    ...SECRET,
    metadata: {
      name: spec.secretName,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      annotations: {
        ...annotationsOf(certificate),
        "cert-manager.io/certificate-name": metadata.name,
      },
    },
    type: "kubernetes.io/tls",
    data: {
      "ca.crt": encoded(signed.authorityPem),
      "tls.crt": encoded(signed.certificatePem),
      "tls.key": encoded(signed.keyPem),
    },
  };
}

async function reportReady(
  context: ControllerContext,
  certificate: Certificate,
  informers: Informers,
  renewalMs: number,
): Promise<void> {
  const { validFrom, validTo } = new X509Certificate(
    textOf(secretOf(certificate, informers), "tls.crt") ?? "",
  );
  const message = "Certificate is up to date and has not expired";
  await writeReady(
    context,
    certificate,
    { status: "True", reason: "Ready", message },
    {
      notBefore: formatInstant(Date.parse(validFrom)),
      notAfter: formatInstant(Date.parse(validTo)),
      renewalTime: formatInstant(renewalMs),
    },
  );
}
