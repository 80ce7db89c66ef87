// A server of secrets that could not work, or would not come back.

import { defineDiagnostic } from "../../../core/index.ts";

export const evenQuorum = defineDiagnostic<{ replicas: number }>({
  code: "secrets/even-quorum",
  severity: "error",
  message: ({ replicas }) =>
    `${replicas} members of a raft cluster survive no more losses than ${replicas - 1}`,
  hint: ({ replicas }) => `write replicas: ${replicas + 1} or ${replicas - 1}`,
});

export const tooFewNodes = defineDiagnostic<{ replicas: number; nodes: number; cluster: string }>({
  code: "secrets/too-few-nodes",
  severity: "error",
  message: ({ replicas, nodes, cluster }) =>
    `${replicas} members want a node each, and ${cluster} has ${nodes}`,
  hint: () => "add nodes, or write replicas: 1",
});

export const ownCertificateInside = defineDiagnostic<{ system: string }>({
  code: "secrets/certificate-in-itself",
  severity: "error",
  message: ({ system }) => `${system} would read the certificate it starts with from itself`,
  hint: () => "add sealed: sealedSecrets() to secrets, which holds what a store starts from",
});

export const keyOutOfReach = defineDiagnostic<{ unseal: string; site: string; kind: string }>({
  code: "secrets/unseal-key-out-of-reach",
  severity: "error",
  message: ({ unseal, site, kind }) =>
    `${unseal} needs an identity of its cloud, which pods at ${site} (${kind}) do not have`,
  hint: () => "write unseal: transit({ address, key }), or leave unseal out and open it by hand",
});

export const opensByHand = defineDiagnostic<{ system: string; remedy: string }>({
  code: "secrets/unsealed-by-hand",
  severity: "warning",
  message: ({ system }) =>
    `every restarted member of ${system} stays sealed until people enter their shares`,
  hint: ({ remedy }) => `write unseal: ${remedy}`,
});
