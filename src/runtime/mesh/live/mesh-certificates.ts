// Certificates of the members of a mesh, signed by the authority that lies in the cluster: one for each service account, renewed
// when half of its life is over, as istiod and Linkerd's identity controller do for their proxies.

import { issueCertificate } from "../../../cluster/index.ts";
import { isRecord, type Clock, type InstantMs } from "../../../core/index.ts";
import type { Informer } from "../../../kubernetes/index.ts";
import type { MeshTrust } from "../../../model/index.ts";

export interface MeshIdentity {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** PEM texts, as node:tls takes them. */
export interface PeerCredentials {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

export interface MeshCertificates {
  /** Waits until there is an authority. */
  of(identity: MeshIdentity): Promise<PeerCredentials>;
}

interface Issued {
  readonly under: string;
  readonly renewAt: InstantMs;
  readonly credentials: Promise<PeerCredentials>;
}

interface Authority {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly root: string;
}

export function createMeshCertificates(
  secrets: Informer,
  trust: MeshTrust,
  clock: Clock,
): MeshCertificates {
  const issued = new Map<string, Issued>();
  let waiting: (() => void)[] = [];
  secrets.onChange((current) => {
    if (current?.metadata.name !== trust.authority.name) return;
    const ready = waiting;
    waiting = [];
    for (const resume of ready) resume();
  });
  const authority = async (): Promise<Authority> => {
    for (;;) {
      const found = readAuthority(secrets, trust);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => void waiting.push(resolve));
    }
  };
  return {
    async of(identity) {
      const signer = await authority();
      const name = trust.nameOf(identity);
      const known = issued.get(name);
      if (known?.under === signer.certificatePem && clock.now() < known.renewAt)
        return known.credentials;
      const credentials = issue(signer, identity, trust, clock.now());
      const renewAt = clock.now() + trust.lifetimeMs / 2;
      issued.set(name, { under: signer.certificatePem, renewAt, credentials });
      return credentials;
    },
  };
}

function readAuthority(secrets: Informer, { authority }: MeshTrust): Authority | undefined {
  const { namespace, name, certificate, key, root } = authority;
  const data = secrets.get(name, namespace)?.["data"];
  const [certificatePem, keyPem, rootPem] = [certificate, key, root].map((field) =>
    isRecord(data) && typeof data[field] === "string"
      ? Buffer.from(data[field], "base64").toString("utf8")
      : undefined,
  );
  if (certificatePem === undefined || keyPem === undefined) return undefined;
  return { certificatePem, keyPem, root: rootPem ?? certificatePem };
}

async function issue(
  authority: Authority,
  identity: MeshIdentity,
  trust: MeshTrust,
  now: InstantMs,
): Promise<PeerCredentials> {
  const { certificatePem, keyPem } = issueCertificate(authority, {
    commonName: identity.serviceAccount,
    hosts: [trust.nameOf(identity)],
    use: "peer",
    now,
    lifetimeMs: trust.lifetimeMs,
  });
  return { cert: `${certificatePem}${authority.certificatePem}`, key: keyPem, ca: authority.root };
}
