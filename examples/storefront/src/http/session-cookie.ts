// Who is asking: an id in a cookie, nothing else. What belongs to it is in the cache.

import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

export interface SessionCookie {
  readonly id: string;
  /** Set for a visitor without one. */
  readonly setCookie?: string;
}

const NAME = "shop_session";
const PATTERN = new RegExp(`(?:^|;\\s*)${NAME}=([0-9a-f-]{36})(?:;|$)`);
const SECONDS = 30 * 24 * 3600;

export function sessionCookie({ headers }: IncomingMessage): SessionCookie {
  const known = PATTERN.exec(headers.cookie ?? "")?.[1];
  if (known !== undefined) return { id: known };
  const id = randomUUID();
  const secure = headers["x-forwarded-proto"] === "https" ? "; Secure" : "";
  const setCookie = `${NAME}=${id}; Path=/; Max-Age=${SECONDS}; HttpOnly; SameSite=Lax${secure}`;
  return { id, setCookie };
}

/** A form on somebody else's page must not order in a visitor's name. */
export function isForeign({ headers }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  return site === "cross-site" || site === "same-site";
}
