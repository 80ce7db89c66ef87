// Options that Vault and OpenBao share.

import {
  boolean,
  integer,
  object,
  optional,
  string,
  union,
  type Tagged,
} from "../../../model/index.ts";
import { SCHEDULE_FIELDS, type ScheduleInput } from "../../backup/backup-options.ts";

export interface VaultServerInput {
  /** Members of the raft cluster: an odd number. Default 3, and 1 where the environment is single. */
  replicas?: number;
  /** Of each member. Default 10Gi, the chart's. */
  storage?: string;
  /** Default true except on a developer's machine; the certificate is a secret a person brings. */
  tls?: boolean;
  /** Who opens it after a restart: `awsKms`, `gcpKms`, `azureKeyVault`, `transit`. Default: people, with their shares. */
  unseal?: UnsealInput;
  /** Copies of everything in it into a bucket. */
  snapshots?: ScheduleInput;
}

export type UnsealInput =
  | Tagged<"aws-kms", { region: string; key: string }>
  | Tagged<"gcp-kms", { project: string; location: string; keyRing: string; key: string }>
  | Tagged<"azure-key-vault", { tenant: string; vault: string; key: string }>
  | Tagged<"transit", { address: string; key: string; mount?: string }>;

export type Unseal =
  | Exclude<UnsealInput, { kind: "transit" }>
  | Tagged<"transit", { address: string; key: string; mount: string }>;

export interface VaultServerOptions {
  readonly replicas?: number;
  readonly storage: string;
  readonly tls?: boolean;
  readonly unseal?: Unseal;
  readonly snapshots?: Readonly<ScheduleInput>;
}

export const vaultServerSchema = object<VaultServerInput, VaultServerOptions>({
  replicas: optional(integer({ min: 1, max: 7 })),
  storage: optional(string("quantity"), "10Gi"),
  tls: optional(boolean()),
  unseal: optional(
    union<UnsealInput, Unseal>("way to unseal", {
      "aws-kms": object({ region: string(), key: string() }),
      "gcp-kms": object({
        project: string(),
        location: string(),
        keyRing: string(),
        key: string(),
      }),
      "azure-key-vault": object({ tenant: string(), vault: string(), key: string() }),
      transit: object<
        { address: string; key: string; mount?: string },
        { address: string; key: string; mount: string }
      >({
        address: string("url"),
        key: string(),
        mount: optional(string(), "transit"),
      }),
    }),
  ),
  snapshots: optional(object<ScheduleInput>(SCHEDULE_FIELDS)),
});

/** A key of AWS KMS, by id or ARN; the server's service account may use it. */
export function awsKms(options: { region: string; key: string }): UnsealInput {
  return { kind: "aws-kms", ...options };
}

/** A key of Google Cloud KMS. */
export function gcpKms(options: {
  project: string;
  location: string;
  keyRing: string;
  key: string;
}): UnsealInput {
  return { kind: "gcp-kms", ...options };
}

/** A key of Azure Key Vault. */
export function azureKeyVault(options: {
  tenant: string;
  vault: string;
  key: string;
}): UnsealInput {
  return { kind: "azure-key-vault", ...options };
}

/** Another Vault or OpenBao, whose transit engine holds the key; its token is a secret. */
export function transit(options: { address: string; key: string; mount?: string }): UnsealInput {
  return { kind: "transit", ...options };
}
