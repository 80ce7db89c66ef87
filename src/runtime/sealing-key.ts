// A laptop's sealing key as the Sealed Secrets controller keeps it: an active TLS Secret in kube-system.

import type { KubernetesObject } from "../kubernetes/index.ts";

/** PEM texts. */
export interface SealingKeyPair {
  readonly certificatePem: string;
  readonly keyPem: string;
}

export function sealingKeySecret({ certificatePem, keyPem }: SealingKeyPair): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "sealed-secrets-key",
      namespace: "kube-system",
      labels: { "sealedsecrets.bitnami.com/sealed-secrets-key": "active" },
    },
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": certificatePem, "tls.key": keyPem },
  };
}
