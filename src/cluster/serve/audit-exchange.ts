// A request that is watched for the audit log: what came in and went out, kept as far as the policy says, written once the answer
// is complete. Where nobody audits, no request is watched. Bodies are kept as JSON alone.

import { formatInstant, type Clock } from "../../core/index.ts";
import {
  auditLevel,
  auditObjectRef,
  type AuditEvent,
  type AuditPolicy,
  type RequestAttributes,
} from "../../kubernetes/index.ts";
import type { AnswerHeaders, AnswerStream, Exchange, Upgrade } from "./exchange.ts";

export interface AuditOptions {
  readonly policy: AuditPolicy;
  /** Called after the answer; in the order of answers. */
  readonly write: (event: AuditEvent) => void;
}

export interface Audited {
  readonly exchange: Exchange;
  /** Who asks for what, once that is known; nothing is written of requests that never get so far. */
  asked(attributes: RequestAttributes): void;
}

const SWITCHING_PROTOCOLS = 101;

export function auditExchange(
  inner: Exchange,
  { policy, write }: AuditOptions,
  clock: Clock,
  id: () => string,
): Audited {
  const received = clock.now();
  let attributes: RequestAttributes | undefined;
  let sent: Buffer | undefined;
  const complete = (code: number, body?: string | Buffer): void => {
    if (attributes === undefined) return;
    const level = auditLevel(policy, attributes);
    if (level === "None") return;
    const objectRef = auditObjectRef(attributes);
    const userAgent = inner.header("user-agent");
    const query = inner.query.toString();
    write({
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      level,
      auditID: id(),
      stage: "ResponseComplete",
      requestURI: query === "" ? inner.path : `${inner.path}?${query}`,
      verb: attributes.verb,
      user: { username: attributes.user.name, groups: attributes.user.groups },
      ...(userAgent === undefined ? {} : { userAgent }),
      ...(objectRef === undefined ? {} : { objectRef }),
      responseStatus: { code },
      ...(level === "Metadata" ? {} : objectOf("requestObject", sent)),
      ...(level === "RequestResponse" ? objectOf("responseObject", body) : {}),
      requestReceivedTimestamp: formatInstant(received),
      stageTimestamp: formatInstant(clock.now()),
    });
  };
  const answer = (status: number, headers: AnswerHeaders, body: string | Buffer): void => {
    inner.answer(status, headers, body);
    complete(status, body);
  };
  return {
    asked: (about) => void (attributes = about),
    exchange: {
      method: inner.method,
      path: inner.path,
      get query() {
        return inner.query;
      },
      get connection() {
        return inner.connection;
      },
      get clientCertificate() {
        return inner.clientCertificate;
      },
      header: (name) => inner.header(name),
      hasHeader: (prefix) => inner.hasHeader(prefix),
      headers: () => inner.headers(),
      get upgrade() {
        return watchedUpgrade(inner.upgrade, complete);
      },
      async readBody() {
        sent = await inner.readBody();
        return sent;
      },
      answer,
      answerSlices: (status: number, headers: AnswerHeaders, slices: Iterable<Buffer>) =>
        answer(status, headers, Buffer.concat([...slices])),
      stream(status: number, headers: AnswerHeaders): AnswerStream {
        const stream = inner.stream(status, headers);
        stream.onClose(() => complete(status));
        return stream;
      },
    },
  };
}

/** A shell is of interest when it opens, not when it ends. */
function watchedUpgrade(
  upgrade: Upgrade | undefined,
  complete: (code: number) => void,
): Upgrade | undefined {
  if (upgrade === undefined) return undefined;
  const take = (): ReturnType<Upgrade["take"]> => {
    complete(SWITCHING_PROTOCOLS);
    return upgrade.take();
  };
  return { protocol: upgrade.protocol, take };
}

function objectOf(key: string, body: string | Buffer | undefined): Record<string, unknown> {
  if (body === undefined || body.length === 0) return {};
  try {
    return { [key]: JSON.parse(body.toString()) as unknown };
  } catch {
    // Protobuf and YAML are not kept.
    return {};
  }
}
