// Makes a new sealing key once the newest is as old as the renewal period; older keys go on opening what they sealed, until somebody
// deletes them. Mirrors bitnami-labs/sealed-secrets v0.36.4 pkg/controller/{keyregistry,keys,main}.go (initKeyRenewal) and the flags
// of cmd/controller/main.go: --key-renew-period 30 days, --key-ttl ten years, --key-size 4096, --key-prefix sealed-secrets-key.
// The period is the chart's default: an embedded cluster has no chart's values. Keys have half the controller's bits, for speed.

import { generateKeyPairSync } from "node:crypto";

import type { ControllerFactory, KindRef, KubernetesObject } from "../../../../kubernetes/index.ts";
import type { CertificateSigning } from "../../../../model/index.ts";
import { isActiveKey, KEY_LABEL, KEY_NAMESPACE } from "./sealing-keys.ts";

const SECRET: KindRef = { apiVersion: "v1", kind: "Secret" };
const HOUR_MS = 3_600_000;
export const RENEW_PERIOD_MS = 720 * HOUR_MS;
/** `--key-ttl`, ten years. */
const LIFETIME_MS = 10 * 365 * 24 * HOUR_MS;
const KEY_BITS = 2048;
const RENEWAL = "renewal";
/** Of generated names: apimachinery util/rand. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

type Certify = NonNullable<CertificateSigning["selfSigned"]>;

export const renewController =
  (certify: Certify): ControllerFactory =>
  (context) => {
    const secrets = context.informer(SECRET);
    return {
      name: "sealed-secrets-keys",
      setup(enqueue) {
        secrets.onChange((current, old) => {
          const secret = current ?? old;
          if (secret !== undefined && isActiveKey(secret)) enqueue(RENEWAL);
        });
        enqueue(RENEWAL);
      },
      async reconcile() {
        const newest = Math.max(
          ...secrets.list(KEY_NAMESPACE).filter(isActiveKey).map(createdAt),
          0,
        );
        const now = context.clock.now();
        const dueMs = newest + RENEW_PERIOD_MS;
        if (now < dueMs) return { requeueAfterMs: dueMs - now };
        const name = `sealed-secrets-key${context.rng.text(5, ALPHABET)}`;
        await context.api.create(newKey(certify, name, now));
        return { requeueAfterMs: RENEW_PERIOD_MS };
      },
    };
  };

const createdAt = ({ metadata }: KubernetesObject): number =>
  Date.parse(metadata.creationTimestamp ?? "") || 0;

function newKey(certify: Certify, name: string, now: number): KubernetesObject {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: KEY_BITS });
  const keyPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const certificatePem = certify(keyPem, {
    commonName: "sealed-secrets",
    now,
    lifetimeMs: LIFETIME_MS,
  });
  return {
    ...SECRET,
    metadata: {
      name,
      namespace: KEY_NAMESPACE,
      labels: { [KEY_LABEL]: "active" },
    },
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": certificatePem, "tls.key": keyPem },
  };
}
