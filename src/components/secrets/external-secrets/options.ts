// Options of the External Secrets Operator.

import { object, optional, string, type Tagged } from "../../../model/index.ts";

export interface VaultStoreInput {
  /** Where Vault or OpenBao answers: "https://vault.example.com:8200". Default: the one beside it in `secrets`. */
  address?: string;
  /** Path of the KV engine, version 2. Default "secret". */
  mount?: string;
  /** Path of the Kubernetes auth method. Default "kubernetes". */
  auth?: string;
  /** Role that the operator's service account signs in as. Default "external-secrets". */
  role?: string;
}

export interface AwsStoreInput {
  /** "eu-central-1". */
  region: string;
  /** ARN of the role that may read. Default: what the pod's own identity gives. */
  role?: string;
}

export interface ExternalSecretsInput {
  /** HashiCorp Vault or OpenBao. One of `vault` and `aws` is needed. */
  vault?: VaultStoreInput;
  /** AWS Secrets Manager. */
  aws?: AwsStoreInput;
  /** How often the store is read again. Default 1h, as the operator has it. */
  refresh?: string;
  /** First part of every path in the store. Default: the platform's name and the environment's. */
  prefix?: string;
}

export interface VaultStore {
  readonly address?: string;
  readonly mount: string;
  readonly auth: string;
  readonly role: string;
}

export interface ExternalSecretsOptions {
  readonly vault?: VaultStore;
  readonly aws?: { readonly region: string; readonly role?: string };
  readonly refresh: string;
  readonly prefix?: string;
}

export const externalSecretsSchema = object<ExternalSecretsInput, ExternalSecretsOptions>({
  vault: optional(
    object<VaultStoreInput, VaultStore>({
      address: optional(string("url")),
      mount: optional(string(), "secret"),
      auth: optional(string(), "kubernetes"),
      role: optional(string(), "external-secrets"),
    }),
  ),
  aws: optional(object<AwsStoreInput>({ region: string(), role: optional(string()) })),
  refresh: optional(string("duration"), "1h"),
  prefix: optional(string()),
});

/** Values stay in Vault, OpenBao or AWS Secrets Manager; the cluster reads them from there. */
export function externalSecrets(
  options: ExternalSecretsInput,
): Tagged<"external-secrets", ExternalSecretsInput> {
  return { kind: "external-secrets", ...options };
}
