// What people write for Vault.

import type { Tagged } from "../../../model/index.ts";
import type { VaultServerInput } from "../vault-server/options.ts";

/** HashiCorp's Vault on the cluster; `externalSecrets({ vault: {} })` beside it reads it. */
export function vault(options: VaultServerInput = {}): Tagged<"vault", VaultServerInput> {
  return { kind: "vault", ...options };
}
