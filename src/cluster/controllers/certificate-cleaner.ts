// Removes requests for certificates that nobody needs any more, once an hour.
// Mirrors kubernetes pkg/controller/certificates/cleaner/cleaner.go.

import { X509Certificate } from "node:crypto";

import { HOUR_MS } from "../../core/index.ts";
import { informerOf, isNotFound, refOf } from "../../kubernetes/index.ts";
import type { Controller, ControllerContext } from "../../kubernetes/index.ts";
import {
  isDecided,
  isIssued,
  SIGNING_REQUEST,
  type CertificateSigningRequest,
} from "./certificate-kinds.ts";

const SWEEP = "sweep";
const SWEEP_INTERVAL_MS = HOUR_MS;
const DECIDED_KEPT_MS = HOUR_MS;
const PENDING_KEPT_MS = 24 * HOUR_MS;

export function certificateCleaner(context: ControllerContext): Controller {
  const { api, clock } = context;
  const requests = informerOf(context, SIGNING_REQUEST);
  /** Nothing ticks while there are no requests. */
  let isScheduled = false;
  let enqueue = (_key: string, _afterMs: number): void => undefined;
  const schedule = (): void => {
    if (isScheduled || requests.list().length === 0) return;
    isScheduled = true;
    enqueue(SWEEP, SWEEP_INTERVAL_MS);
  };
  return {
    name: "csrcleaner",
    setup(add) {
      enqueue = add;
      requests.onChange(schedule);
    },
    async reconcile() {
      isScheduled = false;
      for (const request of requests.list()) {
        if (!isOver(request, clock.now())) continue;
        await api.delete(refOf(request)).catch((error: unknown) => {
          if (!isNotFound(error)) throw error;
        });
      }
      schedule();
    },
  };
}

function isOver(request: CertificateSigningRequest, now: number): boolean {
  const { conditions = [] } = request.status ?? {};
  const isOlder = (time: string | undefined, keptMs: number): boolean =>
    time !== undefined && now - Date.parse(time) > keptMs;
  if (conditions.length === 0) return isOlder(request.metadata.creationTimestamp, PENDING_KEPT_MS);
  if (isIssued(request) && isDecided(request, "Approved") && isExpired(request, now)) return true;
  return conditions.some(
    ({ type, lastUpdateTime }) =>
      (type === "Denied" || (type === "Approved" && isIssued(request))) &&
      isOlder(lastUpdateTime, DECIDED_KEPT_MS),
  );
}

function isExpired({ status }: CertificateSigningRequest, now: number): boolean {
  try {
    const pem = Buffer.from(status?.certificate ?? "", "base64");
    return Date.parse(new X509Certificate(pem).validTo) < now;
  } catch {
    // What cannot be read is left alone.
    return false;
  }
}
