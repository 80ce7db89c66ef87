// What the parts of the HTTPS front share: the API behind it, who may come in, and what is counted.

import type { Clock, Rng } from "../../core/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import type { ApiContext } from "../api/api-context.ts";
import type { Caller } from "../api/caller.ts";
import type { Resource } from "../api/resource.ts";
import type { Alike } from "../store/alike.ts";
import type { Representation } from "./accept.ts";
import type { AuditOptions } from "./audit-exchange.ts";
import type { Authenticator } from "./authenticate.ts";
import type { Discovery } from "./discovery/discovery.ts";
import type { Exchange } from "./exchange.ts";
import type { HealthChecks } from "./health.ts";
import type { RequestMetrics } from "./metrics.ts";
import type { OpenApi } from "./openapi/openapi.ts";
import type { RequestLimits } from "./request-limits.ts";
import type { ResourcePath } from "./request-path.ts";

export interface ServerContext {
  readonly api: ApiContext;
  /** Real time: sockets wait on it, whatever clock the cluster runs on. */
  readonly clock: Clock;
  /** Apart from the cluster's, so that clients do not disturb a repeatable run. */
  readonly rng: Rng;
  readonly authenticate: Authenticator;
  /** Requests without credentials are somebody, whom the authorizer is asked about; else only health and version answer them. */
  readonly anonymous: boolean;
  readonly discovery: Discovery;
  readonly openApi: OpenApi;
  /** Parts that objects from clients share. */
  readonly alike: Alike;
  /** Where clients reach this server. */
  url(): string;
  readonly metrics: RequestMetrics;
  readonly limits: RequestLimits;
  /** Absent: nobody keeps who did what. */
  readonly audit?: AuditOptions | undefined;
  readonly health: HealthChecks;
  /** Creations that store nothing: reviews and tokens, keyed `group/resource` or `group/resource/subresource`. */
  readonly answers: Readonly<Record<string, CreationAnswer>>;
}

export interface CreationRequest {
  readonly api: ApiContext;
  readonly caller: Caller;
  readonly resource: Resource;
  readonly namespace: string | undefined;
  /** Of the object a subresource belongs to; empty otherwise. */
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export type CreationAnswer = (
  request: CreationRequest,
) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;

/** A request about a resource, after everything that is the same for all of them. */
export interface ResourceRequest {
  readonly server: ServerContext;
  readonly exchange: Exchange;
  readonly path: ResourcePath;
  readonly verb: string;
  readonly resource: Resource;
  readonly caller: Caller;
  readonly representation: Representation;
  /** Answers with text in the negotiated encoding, and the warnings so far. */
  answer(status: number, json: string): void;
  /** The same with a text that is made bit by bit. */
  answerSlices(status: number, json: Iterable<Buffer>): void;
}

export type AnsweredObject = KubernetesObject | Readonly<Record<string, unknown>>;
