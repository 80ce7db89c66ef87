// The server's own configuration (HCL). Sources: developer.hashicorp.com/vault/docs/configuration, openbao.org/docs/configuration
// (listener/tcp, storage/raft, seal, service-registration, telemetry, audit).

import type { Flavour } from "./flavour.ts";
import type { Unseal, VaultServerOptions } from "./options.ts";
import { API_PORT, tlsSecretOf } from "./names.ts";

export const tlsDirectory = (flavour: Flavour): string =>
  `${flavour.home}/userconfig/${tlsSecretOf(flavour)}`;

export function serverConfig(flavour: Flavour, options: VaultServerOptions): string {
  const blocks = [
    "ui = true",
    listener(flavour, options),
    storage(flavour, options),
    'service_registration "kubernetes" {}',
    block("telemetry", { prometheus_retention_time: "12h", disable_hostname: true }),
    ...(flavour.declaresAudit ? [AUDIT] : []),
    ...(options.unseal === undefined ? [] : [seal(flavour, options.unseal)]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** Into the pod's log, from where the platform's logs are shipped. */
const AUDIT = `audit "file" "stdout" {
  options {
    file_path = "stdout"
  }
}`;

function listener(flavour: Flavour, { tls }: VaultServerOptions): string {
  const folder = tlsDirectory(flavour);
  const encryption = tls
    ? { tls_cert_file: `${folder}/tls.crt`, tls_key_file: `${folder}/tls.key` }
    : { tls_disable: true };
  return block('listener "tcp"', {
    address: "[::]:8200",
    cluster_address: "[::]:8201",
    ...encryption,
    telemetry: { unauthenticated_metrics_access: true },
  });
}

function storage(flavour: Flavour, { replicas = 1, tls }: VaultServerOptions): string {
  const { name, home } = flavour;
  const members = Array.from({ length: replicas === 1 ? 0 : replicas }, (_, index) => ({
    leader_api_addr: `${tls ? "https" : "http"}://${name}-${index}.${name}-internal:${API_PORT}`,
    ...(tls ? { leader_ca_cert_file: `${tlsDirectory(flavour)}/ca.crt` } : {}),
  }));
  const joins = members.map((member) => indent(block("retry_join", member)));
  return ['storage "raft" {', `  path = "${home}/data"`, ...joins, "}"].join("\n");
}

function seal({ sealNote }: Flavour, unseal: Unseal): string {
  const [name, fields] = sealFields(unseal);
  const note = sealNote === undefined || unseal.kind === "transit" ? "" : `# ${sealNote}\n`;
  return `${note}${block(`seal "${name}"`, fields)}`;
}

function sealFields(unseal: Unseal): [string, HclFields] {
  switch (unseal.kind) {
    case "aws-kms":
      return ["awskms", { region: unseal.region, kms_key_id: unseal.key }];
    case "gcp-kms": {
      const { project, location: region, keyRing: key_ring, key: crypto_key } = unseal;
      return ["gcpckms", { project, region, key_ring, crypto_key }];
    }
    case "azure-key-vault":
      return [
        "azurekeyvault",
        { tenant_id: unseal.tenant, vault_name: unseal.vault, key_name: unseal.key },
      ];
    case "transit":
      // Its token is a variable of the pod.
      return [
        "transit",
        { address: unseal.address, key_name: unseal.key, mount_path: `${unseal.mount}/` },
      ];
  }
}

interface HclFields {
  readonly [key: string]: string | boolean | HclFields;
}

function block(head: string, fields: HclFields): string {
  const lines = Object.entries(fields).map(([key, value]) =>
    typeof value === "object"
      ? indent(block(key, value))
      : `  ${key} = ${typeof value === "string" ? JSON.stringify(value) : value}`,
  );
  return [`${head} {`, ...lines, "}"].join("\n");
}

const indent = (text: string): string => text.replaceAll(/^/gm, "  ");
