// What the parts of a server call each other by, and where it answers.

import type { Flavour } from "./flavour.ts";

export const AREA = "infrastructure/security";
export const API_PORT = 8200;
export const CLUSTER_PORT = 8201;
/** KV version 2 under this path. */
export const MOUNT = "secret";
export const FORM = "vault-kv2";
export const TOKEN_KEY = "token";

export const tlsSecretOf = ({ name }: Flavour): string => `${name}-server-tls`;
export const sealSecretOf = ({ name }: Flavour): string => `${name}-transit-token`;
/** Only the member that leads; the others would pass a request on. */
export const activeHost = ({ name }: Flavour): string => `${name}-active.${name}.svc`;
