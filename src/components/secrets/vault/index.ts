// HashiCorp's Vault.

import { VAULT } from "../vault-server/flavour.ts";
import { vaultServerFiller } from "../vault-server/server-filler.ts";

export const vaultFiller = vaultServerFiller(VAULT);
