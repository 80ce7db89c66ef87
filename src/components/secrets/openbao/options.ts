// What people write for OpenBao.

import type { Tagged } from "../../../model/index.ts";
import type { VaultServerInput } from "../vault-server/options.ts";

/** OpenBao on the cluster; `externalSecrets({ vault: {} })` beside it reads it. */
export function openbao(options: VaultServerInput = {}): Tagged<"openbao", VaultServerInput> {
  return { kind: "openbao", ...options };
}
