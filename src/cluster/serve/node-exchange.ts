// An Exchange over Node's request and response, the same for HTTP/1.1 and HTTP/2.

import type { Readable, Writable } from "node:stream";
import type { PeerCertificate, TLSSocket } from "node:tls";

import { statusError } from "../../kubernetes/index.ts";
import type { Clock } from "../../core/index.ts";
import type { Carrier } from "./carrier.ts";
import type {
  AnswerHeaders,
  AnswerStream,
  ClientCertificate,
  Exchange,
  Upgrade,
} from "./exchange.ts";
import type { UnreadAnswers } from "./unread-answers.ts";

/** What all exchanges of a server share. */
export interface ExchangeContext {
  readonly clock: Clock;
  readonly unread: UnreadAnswers;
  /** Sending a body may take this long. */
  readonly bodyTimeoutMs: number;
}

/** Kubernetes' limit of a request body (apiserver server/config.go). */
export const BODY_BYTES_MAX = 3 * 1024 * 1024;
/** Going on with a body that was refused may take this long. */
const DISCARD_TIMEOUT_MS = 1000;
/** What a writer that can wait lets wait. */
const DRAINED_BYTES_MAX = 256 * 1024;

export function createExchange(
  carrier: Carrier,
  context: ExchangeContext,
  upgrade?: Upgrade,
): Exchange {
  return new NodeExchange(carrier, context, upgrade);
}

class NodeExchange implements Exchange {
  readonly method: string;
  readonly path: string;
  readonly upgrade: Upgrade | undefined;
  readonly #search: string;
  readonly #carrier: Carrier;
  readonly #context: ExchangeContext;
  #query: URLSearchParams | undefined;

  constructor(carrier: Carrier, context: ExchangeContext, upgrade: Upgrade | undefined) {
    const { method, target } = carrier;
    const mark = target.indexOf("?");
    this.method = method;
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.#search = mark < 0 ? "" : target.slice(mark + 1);
    this.upgrade = upgrade;
    this.#carrier = carrier;
    this.#context = context;
  }

  get query(): URLSearchParams {
    return (this.#query ??= new URLSearchParams(this.#search));
  }

  get connection(): object {
    return this.#carrier.connection;
  }

  get clientCertificate(): ClientCertificate | undefined {
    return certificateOf(this.#carrier.socket);
  }

  header(name: string): string | undefined {
    const value = this.#carrier.headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  hasHeader(prefix: string): boolean {
    return hasHeader(this.#carrier, prefix);
  }

  headers(): ReadonlyMap<string, readonly string[]> {
    return headerLists(this.#carrier);
  }

  readBody(): Promise<Buffer> {
    // What follows such a request belongs to the other protocol.
    if (this.upgrade !== undefined) return Promise.resolve(Buffer.alloc(0));
    return readBody(this.#carrier.incoming, this.#context);
  }

  answer(status: number, headers: AnswerHeaders, body: string | Buffer): void {
    const isLargeText = typeof body === "string" && body.length > SLICE_BYTES;
    const whole = isLargeText ? Buffer.from(body) : body;
    const length = String(Buffer.byteLength(whole));
    this.#answer(status, { ...headers, "content-length": length }, () => {
      if (typeof whole === "string" || whole.length <= SLICE_BYTES) this.#end(whole);
      else void this.#send(slicesOf(whole));
    });
  }

  answerSlices(status: number, headers: AnswerHeaders, slices: Iterable<Buffer>): void {
    const rest = slices[Symbol.iterator]();
    const [first, second] = [rest.next(), rest.next()];
    if (second.done === true) return this.answer(status, headers, first.value ?? Buffer.alloc(0));
    this.#answer(status, headers, () => void this.#send(chain([first.value, second.value], rest)));
  }

  #answer(status: number, headers: AnswerHeaders, write: () => void): void {
    const carrier = this.#carrier;
    if (carrier.isAnswered) return;
    carrier.begin(status, headers);
    if (this.method === "HEAD") carrier.outgoing.end();
    else write();
    if (!carrier.isWhole && this.upgrade === undefined) {
      discard(carrier.incoming, this.#context.clock);
    }
  }

  #end(body: string | Buffer): void {
    const { outgoing } = this.#carrier;
    outgoing.end(body);
    this.#context.unread.ended(outgoing);
  }

  /** A client takes a slice of a large body while the next one is made and encrypted, and others are served in between. */
  async #send(slices: Iterable<Buffer>): Promise<void> {
    const { outgoing } = this.#carrier;
    try {
      for (const slice of slices) {
        if (outgoing.destroyed) return;
        const isTaken = write(outgoing, slice);
        this.#context.unread.ended(outgoing);
        if (!isTaken) await drained(outgoing);
      }
      outgoing.end();
    } catch {
      outgoing.destroy();
    }
  }

  stream(status: number, headers: AnswerHeaders): AnswerStream {
    const carrier = this.#carrier;
    if (!carrier.isAnswered) {
      carrier.begin(status, headers);
      carrier.flush();
    }
    return new NodeStream(carrier.outgoing, this.#context.unread);
  }
}

function hasHeader({ rawHeaders }: Carrier, prefix: string): boolean {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (name.length >= prefix.length && name.slice(0, prefix.length).toLowerCase() === prefix)
      return true;
  }
  return false;
}

function headerLists({ rawHeaders }: Carrier): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, string[]>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    lists.set(name, [...(lists.get(name) ?? []), rawHeaders[index + 1] ?? ""]);
  }
  return lists;
}

/** About as much as a connection takes at once. */
const SLICE_BYTES = 128 * 1024;

function* slicesOf(body: Buffer): Generator<Buffer, void> {
  for (let at = 0; at < body.length; at += SLICE_BYTES) yield body.subarray(at, at + SLICE_BYTES);
}

function* chain<T>(first: readonly T[], rest: Iterator<T>): Generator<T, void> {
  yield* first;
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value;
}

/** Node reserves three bytes for each character of a string it cannot send at once, and the memory does not come back. */
function write(writable: Writable, chunk: string | Buffer): boolean {
  return writable.write(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
}

/** Resolves when everything is on its way or the client is gone. */
function drained(writable: Writable): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      writable.off("drain", settle);
      writable.off("close", settle);
      resolve();
    };
    writable.on("drain", settle);
    writable.on("close", settle);
  });
}

/** Node reads on what nobody wants, so that the client gets to see its answer; one that does not stop is cut. */
function discard(request: Readable, clock: Clock): void {
  const timer = clock.setTimer(DISCARD_TIMEOUT_MS, () => request.destroy());
  request.once("close", () => timer.cancel());
  request.resume();
}

class NodeStream implements AnswerStream {
  readonly #writable: Writable;
  readonly #unread: UnreadAnswers;

  constructor(writable: Writable, unread: UnreadAnswers) {
    this.#writable = writable;
    this.#unread = unread;
  }

  write(chunk: string | Buffer): void {
    const writable = this.#writable;
    if (writable.destroyed) return;
    write(writable, chunk);
    this.#unread.wrote(writable);
  }

  drained(): Promise<void> {
    const writable = this.#writable;
    if (writable.destroyed || writable.writableLength < DRAINED_BYTES_MAX) return Promise.resolve();
    return drained(writable);
  }

  end(): void {
    this.#writable.end();
  }

  onClose(listener: () => void): void {
    // It comes once anyway, and `once` would keep three objects for every open watch.
    this.#writable.on("close", listener);
  }
}

function readBody(request: Readable, { clock, bodyTimeoutMs }: ExchangeContext): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    let isSettled = false;
    const settle = (act: () => void): void => {
      if (isSettled) return;
      isSettled = true;
      timer.cancel();
      act();
    };
    const timer = clock.setTimer(bodyTimeoutMs, () => {
      settle(() => reject(statusError("Timeout", "the request body did not arrive in time")));
    });
    request.on("data", (part: Buffer) => {
      size += part.length;
      if (size > BODY_BYTES_MAX) settle(() => reject(tooLarge()));
      else if (!isSettled) parts.push(part);
    });
    request.once("end", () => settle(() => resolve(Buffer.concat(parts))));
    request.once("close", () =>
      settle(() => reject(statusError("BadRequest", "the request ended before its body"))),
    );
  });
}

function tooLarge(): Error {
  return statusError(
    "RequestEntityTooLarge",
    `Request entity too large: limit is ${BODY_BYTES_MAX}`,
  );
}

/** Certificates do not change during a connection. */
const certificates = new WeakMap<object, { readonly found: ClientCertificate | undefined }>();

function certificateOf(socket: TLSSocket | undefined): ClientCertificate | undefined {
  if (socket === undefined) return undefined;
  const known = certificates.get(socket);
  if (known !== undefined) return known.found;
  const found = socket.authorized ? identityOf(socket.getPeerCertificate()) : undefined;
  certificates.set(socket, { found });
  return found;
}

function identityOf(certificate: Partial<PeerCertificate>): ClientCertificate | undefined {
  const { subject } = certificate;
  if (subject === undefined) return undefined;
  const [commonName] = textsOf(subject.CN);
  if (commonName === undefined) return undefined;
  return { commonName, organizations: textsOf(subject.O) };
}

/** Node gives one attribute as text and several as a list. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.map(String) : [];
}
