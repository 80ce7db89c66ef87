// Values of both charts: one is a fork of the other, and the keys set here are in both. Sources: hashicorp/vault-helm 0.34 and
// openbao/openbao-helm 0.29 values.yaml.

import type { Fields } from "../../manifests/index.ts";
import type { Flavour } from "./flavour.ts";
import type { VaultServerOptions } from "./options.ts";
import { serverConfig, tlsDirectory } from "./server-config.ts";
import { sealSecretOf, tlsSecretOf, TOKEN_KEY } from "./names.ts";
import { RESOURCES } from "./surface.ts";

export function serverValues(flavour: Flavour, options: VaultServerOptions): Fields {
  const { replicas = 1, storage, tls, unseal } = options;
  return {
    fullnameOverride: flavour.name,
    global: { tlsDisable: !tls },
    // What reads it is a controller of its own; nothing is added to apps' pods.
    injector: { enabled: false },
    server: {
      resources: RESOURCES,
      dataStorage: { enabled: true, size: storage },
      ...(tls ? tlsValues(flavour) : {}),
      ...(unseal?.kind === "transit"
        ? { extraSecretEnvironmentVars: [tokenVariable(flavour)] }
        : {}),
      // Restricted: the charts leave out the seccomp profile or the capabilities.
      statefulSet: {
        securityContext: {
          pod: {
            runAsNonRoot: true,
            runAsUser: 100,
            runAsGroup: 1000,
            fsGroup: 1000,
            seccompProfile: { type: "RuntimeDefault" },
          },
          container: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      },
      standalone: { enabled: false },
      ha: {
        enabled: true,
        replicas,
        disruptionBudget: { enabled: replicas > 1, maxUnavailable: Math.floor((replicas - 1) / 2) },
        raft: { enabled: true, setNodeId: true, config: serverConfig(flavour, options) },
      },
    },
  };
}

function tlsValues(flavour: Flavour): Fields {
  const name = "server-tls";
  return {
    extraEnvironmentVars: { [`${flavour.variables}_CACERT`]: `${tlsDirectory(flavour)}/ca.crt` },
    volumes: [{ name, secret: { secretName: tlsSecretOf(flavour) } }],
    volumeMounts: [{ name, mountPath: tlsDirectory(flavour), readOnly: true }],
  };
}

function tokenVariable(flavour: Flavour): Fields {
  return {
    envName: "VAULT_TOKEN",
    secretName: sealSecretOf(flavour),
    secretKey: TOKEN_KEY,
  };
}
