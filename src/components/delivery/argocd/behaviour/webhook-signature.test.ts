// Announcements of git hosts against what they sign with. GitHub's own example: docs.github.com "Validating webhook deliveries",
// "Testing the webhook payload validation".

import { describe, expect, it } from "vitest";

import { judge } from "./webhook-signature.ts";

const SECRET = "It's a Secret to Everybody";
const PAYLOAD = Buffer.from("Hello, World!");
const DIGEST = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

interface Case {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly body?: Uint8Array;
  /** Absent: nothing is signed with. */
  readonly secret?: string;
  readonly answer: string;
}

const GITHUB = { "x-github-event": "push", "x-hub-signature-256": `sha256=${DIGEST}` };
const CASES: readonly Case[] = [
  { name: "GitHub's example", headers: GITHUB, secret: SECRET, answer: "accepted" },
  {
    name: "another secret",
    headers: GITHUB,
    secret: "another",
    answer: "400 Webhook processing failed: HMAC verification failed",
  },
  {
    name: "another body",
    headers: GITHUB,
    secret: SECRET,
    body: Buffer.from("Hello, World?"),
    answer: "400 Webhook processing failed: HMAC verification failed",
  },
  {
    name: "no signature",
    headers: { "x-github-event": "push" },
    secret: SECRET,
    answer: "400 Webhook processing failed: missing X-Hub-Signature-256 Header",
  },
  {
    name: "no signature where nobody signs",
    headers: { "x-github-event": "push" },
    answer: "accepted",
  },
  {
    name: "an event nobody asked for",
    headers: { ...GITHUB, "x-github-event": "issues" },
    secret: SECRET,
    answer: "400 Webhook processing failed: event not defined to be parsed",
  },
  {
    name: "a look at it",
    headers: GITHUB,
    method: "GET",
    secret: SECRET,
    answer: "405 Webhook processing failed: invalid HTTP Method",
  },
  {
    name: "nothing in it",
    headers: GITHUB,
    body: Buffer.alloc(0),
    answer: "400 Webhook processing failed: error parsing payload",
  },
  ...[
    { "x-github-event": "ping" },
    { "x-gitlab-event": "Tag Push Hook" },
    { "x-gitlab-event": "System Hook" },
    { "x-event-key": "diagnostics:ping" },
  ].map((headers) => ({ name: JSON.stringify(headers), headers, answer: "accepted" })),
  { name: "no host known", headers: {}, secret: SECRET, answer: "400 Unknown webhook event" },
  {
    name: "Gogs, which sends GitHub's headers as well",
    headers: { "x-github-event": "push", "x-gogs-event": "push", "x-gogs-signature": DIGEST },
    secret: SECRET,
    answer: "accepted",
  },
  {
    name: "GitLab's token",
    headers: { "x-gitlab-event": "Push Hook", "x-gitlab-token": SECRET },
    secret: SECRET,
    answer: "accepted",
  },
  {
    name: "another token",
    headers: { "x-gitlab-event": "Push Hook", "x-gitlab-token": "guess" },
    secret: SECRET,
    answer: "400 Webhook processing failed: X-Gitlab-Token validation failed",
  },
  {
    name: "Bitbucket Server",
    headers: { "x-event-key": "repo:refs_changed", "x-hub-signature": `sha256=${DIGEST}` },
    secret: SECRET,
    answer: "accepted",
  },
];

describe("an announcement", () => {
  it.each(CASES)("$name", ({ headers, method = "POST", body = PAYLOAD, secret = "", answer }) => {
    const verdict = judge({ headers, method, body }, () => secret);
    const shown =
      verdict.kind === "refused" ? `${verdict.status} ${verdict.message}` : verdict.kind;
    expect(shown).toBe(answer);
  });
});
