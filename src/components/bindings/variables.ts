// The variables an app finds, the same whoever provides the intent. Names start with the intent's own name, so two
// databases of one app never collide. `docs/guide/bindings.md` is the page for people.

import type { DatabaseEngine, EnvVar } from "../../model/index.ts";

/** `order-service` → `ORDER_SERVICE`. */
export function variablePrefix(intent: string): string {
  return intent.replace(/[^A-Za-z0-9]+/g, "_").toUpperCase();
}

export interface DatabaseAccess {
  readonly engine: DatabaseEngine;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Kubernetes Secret with keys `username` and `password`; or the role alone, whose consumer makes tokens in place of a password. */
  readonly credentials: { readonly secret: string } | { readonly role: string };
  /** Of the URL, in this order, in the words of the engine's own drivers. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** How the engine's drivers know it by the URL. */
const SCHEMES: Readonly<Record<DatabaseEngine, string>> = {
  postgres: "postgresql",
  mysql: "mysql",
  mongodb: "mongodb",
};

/** `ORDERS_DATABASE_HOST` … `ORDERS_DATABASE_URL`. */
export function databaseVariables(intent: string, access: DatabaseAccess): EnvVar[] {
  const prefix = `${variablePrefix(intent)}_DATABASE`;
  const { engine, host, port, database, credentials, parameters = {} } = access;
  const query = new URLSearchParams(parameters).toString();
  const part = (name: string): string => `$(${prefix}_${name})`;
  return [
    { name: `${prefix}_HOST`, value: host },
    { name: `${prefix}_PORT`, value: String(port) },
    { name: `${prefix}_NAME`, value: database },
    ...signIn(prefix, credentials),
    {
      name: `${prefix}_URL`,
      value:
        `${SCHEMES[engine]}://${part("USERNAME")}${"secret" in credentials ? `:${part("PASSWORD")}` : ""}@${part("HOST")}:${part("PORT")}` +
        `/${part("NAME")}${query === "" ? "" : `?${query}`}`,
    },
  ];
}

function signIn(prefix: string, credentials: DatabaseAccess["credentials"]): EnvVar[] {
  if ("role" in credentials) return [{ name: `${prefix}_USERNAME`, value: credentials.role }];
  const { secret } = credentials;
  return [
    { name: `${prefix}_USERNAME`, secret, key: "username" },
    { name: `${prefix}_PASSWORD`, secret, key: "password" },
  ];
}

export interface CacheAccess {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Kubernetes Secret with key `password`. */
  readonly secret: string;
}

/** `SESSIONS_CACHE_HOST` … `SESSIONS_CACHE_URL`. */
export function cacheVariables(intent: string, access: CacheAccess): EnvVar[] {
  const prefix = `${variablePrefix(intent)}_CACHE`;
  const { host, port, tls, secret } = access;
  const part = (name: string): string => `$(${prefix}_${name})`;
  return [
    { name: `${prefix}_HOST`, value: host },
    { name: `${prefix}_PORT`, value: String(port) },
    { name: `${prefix}_PASSWORD`, secret, key: "password" },
    {
      name: `${prefix}_URL`,
      value: `${tls ? "rediss" : "redis"}://:${part("PASSWORD")}@${part("HOST")}:${part("PORT")}`,
    },
  ];
}

export interface QueueAccess {
  /** Base URL of the SQS API, without path. */
  readonly endpoint: string;
  readonly queueUrl: string;
  readonly region: string;
  /** Kubernetes Secret with keys `accessKeyId` and `secretAccessKey`; absent for who signs as an identity of its own. */
  readonly secret?: string;
}

/** `MAIL_QUEUE_URL` and how to sign requests to it. */
export function queueVariables(intent: string, access: QueueAccess): EnvVar[] {
  const prefix = `${variablePrefix(intent)}_QUEUE`;
  return [{ name: `${prefix}_URL`, value: access.queueUrl }, ...signedAccess(prefix, access)];
}

export interface BucketAccess {
  /** Base URL of the S3 API; address buckets by path below it. */
  readonly endpoint: string;
  /** The bucket's real name, which may carry a prefix. */
  readonly bucket: string;
  readonly region: string;
  /** Kubernetes Secret with keys `accessKeyId` and `secretAccessKey`; absent for who signs as an identity of its own. */
  readonly secret?: string;
}

/** `UPLOADS_BUCKET` and how to sign requests to it. */
export function bucketVariables(intent: string, access: BucketAccess): EnvVar[] {
  const prefix = `${variablePrefix(intent)}_BUCKET`;
  return [{ name: prefix, value: access.bucket }, ...signedAccess(prefix, access)];
}

function signedAccess(prefix: string, access: QueueAccess | BucketAccess): EnvVar[] {
  const { endpoint, region, secret } = access;
  return [
    { name: `${prefix}_ENDPOINT`, value: endpoint },
    { name: `${prefix}_REGION`, value: region },
    ...(secret === undefined
      ? []
      : [
          { name: `${prefix}_ACCESS_KEY_ID`, secret, key: "accessKeyId" },
          { name: `${prefix}_SECRET_ACCESS_KEY`, secret, key: "secretAccessKey" },
        ]),
  ];
}

export interface StreamAccess {
  /** `host:port` of brokers to begin with. */
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly tls: boolean;
  /** Kubernetes Secret with keys `username` and `password`. */
  readonly secret: string;
}

/** `ORDERS_STREAM_BROKERS` and how to sign in there; values in the words of Kafka's own clients. */
export function streamVariables(intent: string, access: StreamAccess): EnvVar[] {
  const prefix = `${variablePrefix(intent)}_STREAM`;
  const { brokers, topic, tls, secret } = access;
  return [
    { name: `${prefix}_BROKERS`, value: brokers.join(",") },
    { name: `${prefix}_TOPIC`, value: topic },
    { name: `${prefix}_SECURITY_PROTOCOL`, value: tls ? "SASL_SSL" : "SASL_PLAINTEXT" },
    { name: `${prefix}_SASL_MECHANISM`, value: "SCRAM-SHA-512" },
    { name: `${prefix}_USERNAME`, secret, key: "username" },
    { name: `${prefix}_PASSWORD`, secret, key: "password" },
  ];
}
