// An Exchange over Node's request and response, the same for HTTP/1.1 and HTTP/2.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import type { PeerCertificate, TLSSocket } from "node:tls";

import { statusError } from "../../kubernetes/index.ts";
import type { Clock } from "../../core/index.ts";
import type {
  AnswerHeaders,
  AnswerStream,
  ClientCertificate,
  Exchange,
  Upgrade,
} from "./exchange.ts";
import { unreadBytes } from "./unread-answers.ts";
import type { ServedResponse as Response, UnreadAnswers } from "./unread-answers.ts";

type Request = IncomingMessage | Http2ServerRequest;

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
  request: Request,
  response: Response,
  context: ExchangeContext,
  upgrade?: Upgrade,
): Exchange {
  // A client that goes away is no fault of ours; whoever streams is told by `onClose`.
  request.on("error", ignore);
  response.on("error", ignore);
  return new NodeExchange(request, response, context, upgrade);
}

function ignore(): void {}

/** A class, because an open watch keeps its exchange: methods on the prototype cost nothing per watch. */
class NodeExchange implements Exchange {
  readonly method: string;
  readonly path: string;
  readonly upgrade: Upgrade | undefined;
  readonly #search: string;
  readonly #request: Request;
  readonly #response: Response;
  readonly #context: ExchangeContext;
  #query: URLSearchParams | undefined;

  constructor(
    request: Request,
    response: Response,
    context: ExchangeContext,
    upgrade: Upgrade | undefined,
  ) {
    const target = request.url ?? "/";
    const mark = target.indexOf("?");
    this.method = request.method ?? "GET";
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.#search = mark < 0 ? "" : target.slice(mark + 1);
    this.upgrade = upgrade;
    this.#request = request;
    this.#response = response;
    this.#context = context;
  }

  get query(): URLSearchParams {
    return (this.#query ??= new URLSearchParams(this.#search));
  }

  get connection(): object {
    return socketOf(this.#request) ?? this.#request;
  }

  get clientCertificate(): ClientCertificate | undefined {
    return certificateOf(socketOf(this.#request));
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  hasHeader(prefix: string): boolean {
    return hasHeader(this.#request, prefix);
  }

  headers(): ReadonlyMap<string, readonly string[]> {
    return headerLists(this.#request);
  }

  readBody(): Promise<Buffer> {
    // What follows such a request belongs to the other protocol.
    if (this.upgrade !== undefined) return Promise.resolve(Buffer.alloc(0));
    return readBody(this.#request, this.#context);
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
    const response = this.#response;
    if (response.headersSent || isGone(response)) return;
    writeHead(response, status, headers);
    write();
    if (!this.#request.complete && this.upgrade === undefined) {
      discard(this.#request, this.#context.clock);
    }
  }

  #end(body: string | Buffer): void {
    this.#writable.end(body);
    this.#context.unread.ended(this.#response);
  }

  /** A client takes a slice of a large body while the next one is made and encrypted, and others are served in between. */
  async #send(slices: Iterable<Buffer>): Promise<void> {
    try {
      for (const slice of slices) {
        if (isGone(this.#response)) return;
        const isTaken = write(this.#writable, slice);
        this.#context.unread.ended(this.#response);
        if (!isTaken) await drained(this.#writable);
      }
      this.#writable.end();
    } catch {
      this.#response.destroy();
    }
  }

  /** Both kinds of response have the same methods; their overloads differ. */
  get #writable(): ServerResponse {
    return this.#response as ServerResponse;
  }

  stream(status: number, headers: AnswerHeaders): AnswerStream {
    writeHead(this.#response, status, headers);
    return new NodeStream(this.#response, this.#context.unread);
  }
}

function hasHeader({ rawHeaders }: Request, prefix: string): boolean {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (name.length >= prefix.length && name.slice(0, prefix.length).toLowerCase() === prefix)
      return true;
  }
  return false;
}

function headerLists(request: Request): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, string[]>();
  const { rawHeaders } = request;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    lists.set(name, [...(lists.get(name) ?? []), rawHeaders[index + 1] ?? ""]);
  }
  return lists;
}

function writeHead(response: Response, status: number, headers: AnswerHeaders): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
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
function write(writable: ServerResponse, chunk: string | Buffer): boolean {
  return writable.write(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
}

/** Resolves when everything is on its way or the client is gone. */
function drained(writable: ServerResponse): Promise<void> {
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
function discard(request: Request, clock: Clock): void {
  const timer = clock.setTimer(DISCARD_TIMEOUT_MS, () => request.destroy());
  request.once("close", () => timer.cancel());
  request.resume();
}

class NodeStream implements AnswerStream {
  /** Both kinds of response are writable streams that differ only in what carries them. */
  readonly #writable: ServerResponse;
  readonly #unread: UnreadAnswers;

  constructor(response: Response, unread: UnreadAnswers) {
    this.#unread = unread;
    this.#writable = response as ServerResponse;
    this.#writable.flushHeaders();
  }

  write(chunk: string | Buffer): void {
    const writable = this.#writable;
    if (isGone(writable)) return;
    write(writable, chunk);
    this.#unread.wrote(writable);
  }

  drained(): Promise<void> {
    const writable = this.#writable;
    if (isGone(writable) || unreadBytes(writable) < DRAINED_BYTES_MAX) return Promise.resolve();
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

function isGone(response: Response): boolean {
  return "stream" in response ? response.stream.destroyed : response.destroyed;
}

function readBody(request: Request, { clock, bodyTimeoutMs }: ExchangeContext): Promise<Buffer> {
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

export function socketOf(request: Request): TLSSocket | undefined {
  // The server only speaks TLS.
  const socket = "stream" in request ? request.stream.session?.socket : request.socket;
  return socket as TLSSocket | undefined;
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
