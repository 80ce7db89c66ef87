// Whether an announcement comes from the git host: HMAC of the body, or the token itself, as each host signs.
// Mirrors the order of util/webhook/webhook.go at v3.4 and go-playground/webhooks {github,gitlab,gogs,bitbucket-server} @01f611d;
// GitHub: docs.github.com "Validating webhook deliveries". Hosts that Keelson has no option for are unknown events.

import { createHmac, timingSafeEqual } from "node:crypto";

import type { ArgocdWebhook } from "../options.ts";

export interface Announcement {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly method: string;
  readonly body: Uint8Array;
}

interface Host {
  readonly host: ArgocdWebhook["host"];
  readonly event: string;
  readonly events: readonly string[];
  readonly signature: string;
  readonly scheme: "hmac" | "token";
  readonly prefix: string;
  readonly missing: string;
  readonly wrong: string;
}

const HMAC = { scheme: "hmac", wrong: "HMAC verification failed" } as const;

/** Gogs comes first: it sends GitHub's headers as well. */
const HOSTS: readonly Host[] = [
  {
    ...HMAC,
    host: "gogs",
    event: "x-gogs-event",
    events: ["push"],
    signature: "x-gogs-signature",
    prefix: "",
    missing: "missing X-Gogs-Signature Header",
  },
  {
    ...HMAC,
    host: "github",
    event: "x-github-event",
    events: ["push", "ping"],
    signature: "x-hub-signature-256",
    prefix: "sha256=",
    missing: "missing X-Hub-Signature-256 Header",
  },
  {
    host: "gitlab",
    scheme: "token",
    event: "x-gitlab-event",
    events: ["Push Hook", "Tag Push Hook", "System Hook"],
    signature: "x-gitlab-token",
    prefix: "",
    missing: "X-Gitlab-Token validation failed",
    wrong: "X-Gitlab-Token validation failed",
  },
  {
    ...HMAC,
    host: "bitbucket-server",
    event: "x-event-key",
    events: ["repo:refs_changed", "diagnostics:ping"],
    signature: "x-hub-signature",
    prefix: "sha256=",
    missing: "missing X-Hub-Signature Header",
  },
];

export type Verdict =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly status: number; readonly message: string };

/** `secretOf`: what that host signs with; empty where nobody said, and then nothing is checked. */
export function judge(
  { headers, method, body }: Announcement,
  secretOf: (host: ArgocdWebhook["host"]) => string,
): Verdict {
  const found = HOSTS.find(({ event }) => headers[event] !== undefined);
  if (found === undefined)
    return { kind: "refused", status: 400, message: "Unknown webhook event" };
  const problem =
    method === "POST"
      ? problemOf(found, headers, body, secretOf(found.host))
      : "invalid HTTP Method";
  if (problem === undefined) return { kind: "accepted" };
  const status = method === "POST" ? 400 : 405;
  return { kind: "refused", status, message: `Webhook processing failed: ${problem}` };
}

function problemOf(
  { event, events, signature, scheme, prefix, missing, wrong }: Host,
  headers: Announcement["headers"],
  body: Uint8Array,
  secret: string,
): string | undefined {
  if (!events.includes(headers[event] ?? "")) return "event not defined to be parsed";
  if (body.length === 0) return "error parsing payload";
  if (secret === "") return undefined;
  const given = headers[signature] ?? "";
  if (given === "") return missing;
  const expected =
    scheme === "token" ? secret : createHmac("sha256", secret).update(body).digest("hex");
  return isEqual(given.slice(given.startsWith(prefix) ? prefix.length : 0), expected)
    ? undefined
    : wrong;
}

/** Takes as long whatever differs. */
function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
