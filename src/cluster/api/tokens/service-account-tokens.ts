// Tokens of service accounts: made for an account and perhaps a pod, good as long as those exist and time allows.
// Mirrors kubernetes pkg/serviceaccount (claims.go, jwt.go, validator).

import { isRecord } from "../../../core/index.ts";
import type { Clock } from "../../../core/index.ts";
import type { KubernetesObject, UserInfo } from "../../../kubernetes/index.ts";
import type { Store } from "../../store/index.ts";
import { recordAt, textAt } from "../validation/fields.ts";
import { SECRET_TOKEN_ISSUER, secretTokenClaims, secretTokenUser } from "./secret-tokens.ts";
import { createWebTokenSigner } from "./web-token.ts";
import type { Claims } from "./web-token.ts";

type Scope = Readonly<Record<string, unknown>>;

/** What a token is bound to beside its account. */
export interface TokenBinding {
  readonly kind: "pod" | "secret" | "node";
  readonly name: string;
  readonly uid: string;
  /** Of a pod that is assigned already. */
  readonly node?: { readonly name: string; readonly uid: string };
}

export interface TokenOptions {
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly binding?: TokenBinding | undefined;
  /** Identifies the credential in audit. */
  readonly id: string;
}

export interface ServiceAccountTokens {
  /** Audience of the API itself, and issuer of every token. */
  readonly issuer: string;
  issue(account: KubernetesObject, options: TokenOptions): string;
  /** A token without an end, to be kept in this Secret. */
  issueForSecret(account: KubernetesObject, secret: KubernetesObject): string;
  /** Undefined for tokens that are not ours, are out of date, or outlived what they were bound to. */
  authenticate(token: string): UserInfo | undefined;
  /** Keys of the issuer, as `/openid/v1/jwks` publishes them. */
  publicKeys(): readonly Readonly<Record<string, unknown>>[];
  /** Likewise, for a token that was made for one of these audiences. */
  review(token: string, audiences: readonly string[]): ReviewedToken | undefined;
}

export interface ReviewedToken {
  readonly user: UserInfo;
  /** Those of the audiences asked about that the token is for. */
  readonly audiences: readonly string[];
}

export interface ServiceAccountTokensOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** PEM, P-256; absent: made at first use, and tokens end with the process. */
  readonly privateKeyPem?: string | undefined;
}

const ISSUER = "https://kubernetes.default.svc";
const PRIVATE = "kubernetes.io";

export function createServiceAccountTokens(
  options: ServiceAccountTokensOptions,
): ServiceAccountTokens {
  let made: ReturnType<typeof createWebTokenSigner> | undefined;
  const signer = () => (made ??= createWebTokenSigner(options.privateKeyPem));
  const seconds = (): number => Math.floor(options.clock.now() / 1000);
  const review = (token: string, wanted: readonly string[]): ReviewedToken | undefined => {
    if (!token.startsWith("eyJ")) return undefined;
    const claims = signer().read(token);
    if (claims?.["iss"] === SECRET_TOKEN_ISSUER) {
      // Made for the API alone.
      const user = wanted.includes(ISSUER)
        ? secretTokenUser(claims, token, options.store)
        : undefined;
      return user && { user, audiences: [ISSUER] };
    }
    if (claims === undefined || !isCurrent(claims, seconds())) return undefined;
    const audiences = wanted.filter((one) => audiencesOf(claims).includes(one));
    if (audiences.length === 0) return undefined;
    const user = userOf(claims, options.store);
    return user && { user, audiences };
  };
  return {
    issuer: ISSUER,
    publicKeys: () => [signer().publicKey],
    issue: (account, token) => signer().sign(claimsOf(account, token, seconds())),
    issueForSecret: (account, secret) => signer().sign(secretTokenClaims(account, secret)),
    authenticate: (token) => review(token, [ISSUER])?.user,
    review,
  };
}

function claimsOf({ metadata }: KubernetesObject, token: TokenOptions, now: number): Claims {
  const { name, namespace = "", uid } = metadata;
  const { binding } = token;
  const bound =
    binding === undefined
      ? {}
      : {
          [binding.kind]: { name: binding.name, uid: binding.uid },
          ...(binding.node === undefined ? {} : { node: binding.node }),
        };
  return {
    aud: token.audiences,
    exp: now + token.expirationSeconds,
    iat: now,
    iss: ISSUER,
    jti: token.id,
    [PRIVATE]: { namespace, ...bound, serviceaccount: { name, uid } },
    nbf: now,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
}

function isCurrent(claims: Claims, now: number): boolean {
  const { exp, nbf, iss } = claims;
  return iss === ISSUER && Number(exp) > now && Number(nbf) <= now;
}

function audiencesOf({ aud }: Claims): readonly string[] {
  return Array.isArray(aud) ? aud.map(String) : [];
}

/** Kind in the claims → where its objects are stored; nodes have no namespace. */
const BOUND_RESOURCES = { pod: "/pods", secret: "/secrets", node: "/nodes" } as const;

function userOf(claims: Claims, store: Store): UserInfo | undefined {
  const own = recordAt(claims, PRIVATE);
  const namespace = textAt(own, "namespace");
  const account = recordAt(own, "serviceaccount");
  if (!exists(store, "/serviceaccounts", namespace, account)) return undefined;
  for (const [kind, resource] of Object.entries(BOUND_RESOURCES)) {
    if (!isRecord(own[kind])) continue;
    const isPodsNode = kind === "node" && isRecord(own["pod"]);
    const within = kind === "node" ? "" : namespace;
    if (!isPodsNode && !exists(store, resource, within, recordAt(own, kind))) return undefined;
  }
  return {
    name: `system:serviceaccount:${namespace}:${textAt(account, "name")}`,
    uid: textAt(account, "uid"),
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`],
    extra: extraOf(claims, own),
  };
}

function exists(store: Store, resource: string, namespace: string, claim: Scope): boolean {
  const found = store.get({ resource, namespace, name: textAt(claim, "name") });
  return found !== undefined && found.metadata.uid === claim["uid"];
}

function extraOf(claims: Claims, own: Scope): Readonly<Record<string, readonly string[]>> {
  const extra: Record<string, readonly string[]> = {
    "authentication.kubernetes.io/credential-id": [`JTI=${textAt(claims, "jti")}`],
  };
  for (const kind of ["pod", "node"]) {
    if (!isRecord(own[kind])) continue;
    const claim = recordAt(own, kind);
    extra[`authentication.kubernetes.io/${kind}-name`] = [textAt(claim, "name")];
    extra[`authentication.kubernetes.io/${kind}-uid`] = [textAt(claim, "uid")];
  }
  return extra;
}
