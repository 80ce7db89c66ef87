// OpenID discovery of the issuer of service account tokens, for whoever verifies them outside the cluster.
// Mirrors kubernetes pkg/serviceaccount/openidmetadata.go and pkg/routes/openidmetadata.go.

import type { ServiceAccountTokens } from "../api/tokens/service-account-tokens.ts";
import type { Exchange } from "./exchange.ts";
import { JSON_TYPE } from "./respond.ts";

const CONFIGURATION = "/.well-known/openid-configuration";
const KEYS = "/openid/v1/jwks";

export const OPEN_ID_PATHS: readonly string[] = [CONFIGURATION, KEYS];

/** As long as the API server lets the answers be kept. */
const CACHED = { "cache-control": "public, max-age=3600" };

/** False when the path is not about OpenID. `url` is where clients reach the server. */
export function answerOpenId(
  exchange: Exchange,
  path: string,
  tokens: ServiceAccountTokens,
  url: string,
): boolean {
  if (!OPEN_ID_PATHS.includes(path)) return false;
  const isKeys = path === KEYS;
  const document = isKeys ? { keys: tokens.publicKeys() } : configuration(tokens.issuer, url);
  const type = isKeys ? "application/jwk-set+json" : JSON_TYPE;
  exchange.answer(200, { "content-type": type, ...CACHED }, JSON.stringify(document));
  return true;
}

function configuration(issuer: string, url: string): unknown {
  return {
    issuer,
    jwks_uri: url + KEYS,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
  };
}
