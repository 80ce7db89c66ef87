// Who sends a request: a bearer token, a client certificate, or nobody. Mirrors the union authenticator of
// kubernetes pkg/kubeapiserver/authenticator.

import { createHash, timingSafeEqual } from "node:crypto";

import { statusError } from "../../kubernetes/index.ts";
import type { UserInfo } from "../../kubernetes/index.ts";
import type { Exchange } from "./exchange.ts";

/** Knows tokens of another kind, such as those of service accounts; undefined for one it does not accept. */
export type TokenAuthenticator = (token: string) => UserInfo | undefined;

/** Bearer tokens and who they stand for, compared in constant time. */
export function knownTokens(tokens: ReadonlyMap<string, UserInfo>): TokenAuthenticator {
  const known = [...tokens].map(([token, user]) => ({ digest: digestOf(token), user }));
  return (token) => {
    const digest = digestOf(token);
    return known.find((one) => timingSafeEqual(one.digest, digest))?.user;
  };
}

export interface AuthenticationOptions {
  /** Tokens that stay as they are while the server runs. */
  readonly knowToken: TokenAuthenticator;
  readonly authenticateToken?: TokenAuthenticator | undefined;
  /** Requests without credentials become `system:anonymous` instead of being refused. */
  readonly anonymous: boolean;
}

export type Authenticator = (exchange: Exchange) => UserInfo;

const AUTHENTICATED = "system:authenticated";

export const ANONYMOUS: UserInfo = {
  name: "system:anonymous",
  groups: ["system:unauthenticated"],
};

/** A token that a connection has shown to be right; its client learns nothing by showing it again. */
interface Proof {
  readonly token: string;
  readonly user: UserInfo;
}

/** Throws StatusError 401 for bad credentials, and for none unless anonymous requests are let in. */
export function createAuthenticator(options: AuthenticationOptions): Authenticator {
  const proven = new WeakMap<object, Proof>();
  const byToken = (token: string, connection: object): UserInfo | undefined => {
    const proof = proven.get(connection);
    if (proof?.token === token) return proof.user;
    const match = options.knowToken(token);
    if (match === undefined) return options.authenticateToken?.(token);
    const user = withAuthenticated(match);
    proven.set(connection, { token, user });
    return user;
  };
  return (exchange) => {
    const token = bearerToken(exchange);
    const { clientCertificate } = token === undefined ? exchange : { clientCertificate: undefined };
    if (token !== undefined) {
      const user = byToken(token, exchange.connection);
      if (user !== undefined) return withAuthenticated(user);
      throw unauthorized();
    }
    if (clientCertificate !== undefined) {
      const { commonName, organizations } = clientCertificate;
      return withAuthenticated({ name: commonName, groups: organizations });
    }
    if (options.anonymous) return ANONYMOUS;
    throw unauthorized();
  };
}

export function withAuthenticated(user: UserInfo): UserInfo {
  if (user.groups.includes(AUTHENTICATED)) return user;
  return { ...user, groups: [...user.groups, AUTHENTICATED] };
}

function unauthorized(): Error {
  return statusError("Unauthorized", "Unauthorized");
}

/** WebSocket clients, which cannot set headers, are not served; only the Authorization header counts. */
function bearerToken(exchange: Exchange): string | undefined {
  const header = exchange.header("authorization");
  const match = /^bearer\s+(\S+)\s*$/i.exec(header ?? "");
  return match?.[1];
}

/** Digests have one length, which comparing in constant time needs. */
function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
