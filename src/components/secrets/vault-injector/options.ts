// Options of Vault's agent injector.

import { object, optional, string, type Tagged } from "../../../model/index.ts";

export interface VaultInjectorInput {
  /** Where Vault or OpenBao answers: "https://vault.example.com:8200". Default: the one beside it in `secrets`. */
  address?: string;
  /** Path of the KV engine, version 2. Default "secret". */
  mount?: string;
  /** Path of the Kubernetes auth method. Default "auth/kubernetes". */
  auth?: string;
  /** First part of every path in the store. Default: the platform's name and the environment's. */
  prefix?: string;
}

export interface VaultInjectorOptions {
  readonly address?: string;
  readonly mount: string;
  readonly auth: string;
  readonly prefix?: string;
}

export const vaultInjectorSchema = object<VaultInjectorInput, VaultInjectorOptions>({
  address: optional(string("url")),
  mount: optional(string(), "secret"),
  auth: optional(string(), "auth/kubernetes"),
  prefix: optional(string()),
});

/**
 * An agent beside each app that asks for it writes the app's secrets into files and rewrites what changes: no Kubernetes Secret holds
 * them. An app's secret says `from` and `mount: "file"`.
 */
export function vaultInjector(
  options: VaultInjectorInput = {},
): Tagged<"vault-injector", VaultInjectorInput> {
  return { kind: "vault-injector", ...options };
}
