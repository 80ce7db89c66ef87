import { createPublicKey, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startServedCluster } from "./testing/served-cluster.ts";
import type { ServedCluster } from "./testing/served-cluster.ts";

let cluster: ServedCluster;
beforeAll(async () => {
  cluster = await startServedCluster();
});
afterAll(() => cluster.served.close());

describe("OpenID discovery", () => {
  it("leads to the key that verifies a token", async () => {
    const found = JSON.parse((await cluster.get("/.well-known/openid-configuration")).text);
    expect(found).toMatchObject({
      issuer: "https://kubernetes.default.svc",
      jwks_uri: `${cluster.served.url}/openid/v1/jwks`,
      id_token_signing_alg_values_supported: ["ES256"],
    });
    const keys = await cluster.get("/openid/v1/jwks");
    expect(keys.headers["content-type"]).toBe("application/jwk-set+json");
    expect(keys.headers["cache-control"]).toBe("public, max-age=3600");
    const [jwk] = JSON.parse(keys.text).keys;
    const account = { metadata: { name: "web", namespace: "shop", uid: "1" } };
    const token = cluster.api.tokens.issue(
      { apiVersion: "v1", kind: "ServiceAccount", ...account },
      { audiences: ["elsewhere"], expirationSeconds: 600, id: "1" },
    );
    const [head = "", body = "", signature = ""] = token.split(".");
    expect(JSON.parse(Buffer.from(head, "base64url").toString())).toEqual({
      alg: "ES256",
      kid: jwk.kid,
    });
    const key = createPublicKey({ format: "jwk", key: jwk });
    const signed = Buffer.from(`${head}.${body}`);
    const options = { key, dsaEncoding: "ieee-p1363" } as const;
    expect(verify("sha256", signed, options, Buffer.from(signature, "base64url"))).toBe(true);
  });
});
