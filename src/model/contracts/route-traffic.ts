// What a route asks of whichever ingress serves it, beside passing requests on.

/** What is done to requests on the way in, whichever ingress does it. Nothing is asked where a key is absent. */
export interface RouteTraffic {
  /** Names and values a request must have, all of them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Exact path → path of the same host, or URL; permanent. */
  readonly redirects?: Readonly<Record<string, string>>;
  /** Per client: so many at once, and as many again over every period; further ones get 429. */
  readonly rateLimit?: { readonly requests: number; readonly per: "second" | "minute" };
  /** Until the answer is there: 504. */
  readonly timeoutMs?: number;
  /** Tries beside the first, after a refused connection or one of these answers. */
  readonly retries?: { readonly max: number; readonly on: readonly number[] };
  /** Bytes; larger bodies get 413. */
  readonly bodySizeMax?: number;
  /** TLS to the backend, whose certificate is checked; `mtls`: with a certificate of the ingress's own. */
  readonly upstream?: "tls" | "mtls";
  /** Ranges of clients, sorted; others get 403. */
  readonly allowFrom?: readonly string[];
}

/** A path of an app's host that a third party calls; the rules for people do not hold there. */
export interface PlannedCallback {
  readonly name: string;
  /** Prefix. */
  readonly path: string;
  readonly traffic: RouteTraffic;
}
