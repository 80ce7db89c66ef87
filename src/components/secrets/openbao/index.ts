// OpenBao, Vault's free fork under the Linux Foundation.

import { OPENBAO } from "../vault-server/flavour.ts";
import { vaultServerFiller } from "../vault-server/server-filler.ts";

export const openbaoFiller = vaultServerFiller(OPENBAO);
