// Serves one cluster's API over HTTPS.

import { nthAddress, parseCidr } from "../../core/index.ts";
import { createAlike } from "../store/alike.ts";
import type { Clock } from "../../core/index.ts";
import type { ApiContext } from "../api/api-context.ts";
import type { UserInfo } from "../../kubernetes/index.ts";
import type { AuditOptions } from "./audit-exchange.ts";
import { createAuthenticator, knownTokens } from "./authenticate.ts";
import type { TokenAuthenticator } from "./authenticate.ts";
import { CREATION_ANSWERS } from "./creation-answers.ts";
import { createDiscovery } from "./discovery/discovery.ts";
import { createRequestHandler } from "./handle-request.ts";
import { PING } from "./health.ts";
import type { HealthCheck } from "./health.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { listen } from "./listener.ts";
import { createRequestMetrics } from "./metrics.ts";
import { createOpenApi } from "./openapi/openapi.ts";
import { ADMIN_GROUP, ADMIN_USER, ensureCredentials } from "./pki/credentials.ts";
import type { Credentials } from "./pki/credentials.ts";
import { createRequestLimits, tooManyRequests } from "./request-limits.ts";
import type { RequestLimitOptions } from "./request-limits.ts";
import { answerError } from "./respond.ts";
import { reviewAnswers } from "./reviews.ts";
import type { CreationAnswer, ServerContext } from "./server-context.ts";
import { socketLimits } from "./socket-limits.ts";
import type { SocketLimits } from "./socket-limits.ts";

export interface ServeOptions {
  /** Name of the cluster in the kubeconfig. */
  readonly name: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** A loopback address; default 127.0.0.1. */
  readonly host?: string;
  /** Where certificates and the token are kept; absent: made anew every time. */
  readonly stateDirectory?: string;
  /** Certificates made before, for a caller that publishes the authority; `stateDirectory` is not used then. */
  readonly credentials?: Credentials;
  /** The real clock, whatever clock the cluster runs on. */
  readonly clock: Clock;
  /** Names the address of the `kubernetes` service in the certificate. */
  readonly serviceCidr?: string;
  /** Requests without credentials become `system:anonymous`; default: refused, but for health and version. */
  readonly anonymous?: boolean;
  /** Tokens of service accounts. */
  readonly authenticateToken?: TokenAuthenticator;
  /** Creations that store nothing, beside the reviews answered here. */
  readonly answers?: Readonly<Record<string, CreationAnswer>>;
  /** What is kept of who did what, and where it goes. Default: nothing. */
  readonly audit?: AuditOptions | undefined;
  /** How much is taken on at a time. */
  readonly limits?: RequestLimitOptions & Partial<SocketLimits>;
  /** Checks of `/readyz` and `/healthz`, beside `ping`. */
  readonly readiness?: readonly HealthCheck[];
}

export interface ServedApi {
  /** `https://127.0.0.1:6443`. */
  readonly url: string;
  readonly port: number;
  readonly caPem: string;
  readonly token: string;
  readonly credentials: Credentials;
  /** YAML text with the administrator's token. */
  readonly kubeconfig: string;
  /** Cuts every connection. */
  close(): Promise<void>;
}

const SERVICE_CIDR = "10.43.0.0/16";

const SERVER_NAMES: readonly string[] = [
  "localhost",
  "127.0.0.1",
  "::1",
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
];

/** What the server certificate of a cluster names. */
export function serverHosts(serviceCidr = SERVICE_CIDR): readonly string[] {
  const range = parseCidr(serviceCidr);
  const serviceAddress = range && nthAddress(range, 1);
  return serviceAddress === undefined ? SERVER_NAMES : [...SERVER_NAMES, serviceAddress];
}

export async function serveApi(api: ApiContext, options: ServeOptions): Promise<ServedApi> {
  const { host = "127.0.0.1", clock, name, stateDirectory } = options;
  const credentials =
    options.credentials ??
    ensureCredentials({
      stateDirectory,
      now: clock.now(),
      hosts: serverHosts(options.serviceCidr),
    });
  let address = "";
  const server = createServerContext(api, options, credentials, () => address);
  const listener = await listen({
    host,
    port: options.port,
    certificatePem: credentials.server.certificatePem,
    keyPem: credentials.server.keyPem,
    clientAuthorityPem: credentials.authority.certificatePem,
    clock,
    limits: socketLimits(options.limits),
    onExchange: createRequestHandler(server),
    onExcess: (exchange) =>
      answerError({ exchange, warnings: [], encoding: "json" }, tooManyRequests()),
  });
  address = `${host.includes(":") ? `[${host}]` : host}:${listener.port}`;
  const url = `https://${address}`;
  const caPem = credentials.authority.certificatePem;
  const { token } = credentials;
  return {
    url,
    port: listener.port,
    caPem,
    token,
    credentials,
    kubeconfig: kubeconfig({ clusters: [{ name, server: url, caPem, token }], current: name }),
    close: () => listener.close(),
  };
}

const ADMIN: UserInfo = { name: ADMIN_USER, groups: [ADMIN_GROUP] };

function createServerContext(
  api: ApiContext,
  options: ServeOptions,
  { token }: Credentials,
  address: () => string,
): ServerContext {
  const { authenticateToken, anonymous = false, clock } = options;
  const knowToken = knownTokens(new Map([[token, ADMIN]]));
  const knowAccount: TokenAuthenticator = (given) =>
    api.tokens.authenticate(given) ?? authenticateToken?.(given);
  const knowOthers: TokenAuthenticator = (given) => knowToken(given) ?? authenticateToken?.(given);
  const limits = createRequestLimits(options.limits);
  const ready = [PING, ...(options.readiness ?? [])];
  return {
    api,
    clock,
    rng: api.rng.fork("serve"),
    alike: createAlike(),
    authenticate: createAuthenticator({ knowToken, authenticateToken: knowAccount, anonymous }),
    anonymous,
    discovery: createDiscovery(api, address),
    openApi: createOpenApi(api.registry, clock),
    url: () => `https://${address()}`,
    metrics: createRequestMetrics({ api, limits, clock }),
    limits,
    audit: options.audit,
    health: { healthz: ready, livez: [PING], readyz: ready },
    answers: { ...reviewAnswers(knowOthers), ...CREATION_ANSWERS, ...options.answers },
  };
}
