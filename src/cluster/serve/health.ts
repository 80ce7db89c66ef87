// `/healthz`, `/livez`, `/readyz` and their single checks. Mirrors k8s.io/apiserver pkg/server/healthz.

import type { Exchange } from "./exchange.ts";
import { answerText, PAGE_NOT_FOUND } from "./respond.ts";

export interface HealthCheck {
  readonly name: string;
  /** Why it fails; undefined when it passes. */
  readonly check: () => string | undefined;
}

export type HealthChecks = Readonly<Record<HealthEndpoint, readonly HealthCheck[]>>;
export type HealthEndpoint = "healthz" | "livez" | "readyz";

const ENDPOINT = /^\/(healthz|livez|readyz)(?:\/(.*))?$/;
export const PING: HealthCheck = { name: "ping", check: () => undefined };

/** False when the path is none of these. */
export function answerHealth(exchange: Exchange, checks: HealthChecks): boolean {
  const match = ENDPOINT.exec(exchange.path);
  if (match === null) return false;
  // The pattern allows these three only.
  const endpoint = match[1] as HealthEndpoint;
  const name = match[2] ?? "";
  if (name === "") answerAll(exchange, endpoint, checks[endpoint]);
  else
    answerOne(
      exchange,
      checks[endpoint].find((one) => one.name === name),
    );
  return true;
}

function answerOne(exchange: Exchange, check: HealthCheck | undefined): void {
  if (check === undefined) return answerText(exchange, 404, PAGE_NOT_FOUND);
  const fault = check.check();
  if (fault === undefined) answerText(exchange, 200, "ok");
  else answerText(exchange, 500, `internal server error: ${fault}\n`);
}

function answerAll(
  exchange: Exchange,
  endpoint: HealthEndpoint,
  checks: readonly HealthCheck[],
): void {
  const excluded = exchange.query.getAll("exclude");
  const results = checks.map(({ name, check }) => ({
    name,
    isExcluded: excluded.includes(name),
    fault: excluded.includes(name) ? undefined : check(),
  }));
  const failed = results.some(({ fault }) => fault !== undefined);
  if (!failed && !exchange.query.has("verbose")) return answerText(exchange, 200, "ok");
  const lines = results.map(({ name, isExcluded, fault }) => {
    if (isExcluded) return `[+]${name} excluded: ok\n`;
    return fault === undefined ? `[+]${name} ok\n` : `[-]${name} failed: reason withheld\n`;
  });
  const verdict = `${endpoint} check ${failed ? "failed" : "passed"}\n`;
  answerText(exchange, failed ? 500 : 200, lines.join("") + verdict);
}
