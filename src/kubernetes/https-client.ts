// KubeApi over HTTPS, to any Kubernetes API: discovery finds the paths, refusals become StatusError, connections are kept.

import { isRecord } from "../core/index.ts";
import { ConnectionError } from "./https-client/connection-error.ts";
import { readLog, type PodLogOptions } from "./https-client/pod-log.ts";
import { createResourceMapper, resourcePath } from "./https-client/resource-mapper.ts";
import { readJson } from "./https-client/responses.ts";
import {
  createTransport,
  type HttpRequest,
  type HttpResponse,
  type TlsOptions,
} from "./https-client/transport.ts";
import { openWatch, withKind } from "./https-client/watch-stream.ts";
import type { KindRef } from "./gvk.ts";
import type {
  DeleteOptions,
  KubeApi,
  ListOptions,
  ObjectList,
  Patch,
  WatchOptions,
  WriteOptions,
} from "./kube-api.ts";
import type { KubernetesObject, ObjectRef } from "./object.ts";

export interface HttpsApiOptions extends TlsOptions {
  /** `https://host:6443`, with a path prefix where a proxy needs one. */
  readonly server: string;
  /** A bearer token, or where to get the present one. */
  readonly token?: string | (() => Promise<string>) | undefined;
}

export interface HttpsApi extends KubeApi {
  /** Calls `onText` with the log of a container until it ends or the signal aborts. */
  log(
    pod: { readonly namespace: string; readonly name: string },
    options: PodLogOptions,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** Cuts every connection; watches end. */
  close(): void;
}

const JSON_TYPE = "application/json";
const APPLY_TYPE = "application/apply-patch+yaml";
const PATCH_TYPES: Readonly<Record<Patch["type"], string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
};

/** Kinds that exist only below another resource. */
const PARENTS: Readonly<Record<string, KindRef>> = {
  Binding: { apiVersion: "v1", kind: "Pod" },
  Eviction: { apiVersion: "v1", kind: "Pod" },
  TokenRequest: { apiVersion: "v1", kind: "ServiceAccount" },
};

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export function createHttpsApi(options: HttpsApiOptions): HttpsApi {
  const call = createCaller(options);
  const mapper = createResourceMapper((path, accept) => call.json({ method: "GET", path, accept }));
  const pathOf = async (
    kind: KindRef,
    at: { namespace?: string | undefined; name?: string; subresource?: string | undefined },
  ): Promise<string> => resourcePath(await mapper.find(kind), at);
  const send = async (
    method: HttpRequest["method"],
    path: string,
    {
      query = {},
      body,
      contentType = JSON_TYPE,
    }: { query?: Query; body?: unknown; contentType?: string },
  ): Promise<unknown> => call.json({ method, path: path + formatQuery(query), body, contentType });
  /** The server answers these with the object. */
  const object = async (answer: Promise<unknown>): Promise<KubernetesObject> =>
    (await answer) as KubernetesObject;

  return {
    async get(ref, { subresource } = {}) {
      return object(send("GET", await pathOf(ref, { ...ref, subresource }), {}));
    },
    async list(kind, listOptions = {}) {
      const path = await pathOf(kind, { namespace: listOptions.namespace });
      return readList(await send("GET", path, { query: listQuery(listOptions) }), kind);
    },
    watch(kind, watchOptions, onEvent) {
      const open = async (signal: AbortSignal): Promise<HttpResponse> => {
        const path = await pathOf(kind, { namespace: watchOptions.namespace });
        return call.raw({
          method: "GET",
          path: path + formatQuery(watchQuery(watchOptions)),
          signal,
        });
      };
      return openWatch(open, kind, onEvent);
    },
    async create(body, writeOptions = {}) {
      const { subresource } = writeOptions;
      const { name, namespace } = body.metadata;
      const parent = subresource === undefined ? body : (PARENTS[body.kind] ?? body);
      const at = subresource === undefined ? { namespace } : { namespace, name, subresource };
      const query = writeQuery(writeOptions);
      return object(send("POST", await pathOf(parent, at), { query, body }));
    },
    async update(body, writeOptions = {}) {
      const path = await pathOf(body, { ...body.metadata, ...writeOptions });
      return object(send("PUT", path, { query: writeQuery(writeOptions), body }));
    },
    async patch(ref, patch, writeOptions = {}) {
      const path = await pathOf(ref, { ...ref, ...writeOptions });
      const body = patch.type === "json" ? patch.operations : patch.body;
      const query = writeQuery(writeOptions);
      return object(send("PATCH", path, { query, body, contentType: PATCH_TYPES[patch.type] }));
    },
    async apply(body, applyOptions) {
      const path = await pathOf(body, { ...body.metadata, ...applyOptions });
      const query = { ...writeQuery(applyOptions), force: applyOptions.force };
      return object(send("PATCH", path, { query, body, contentType: APPLY_TYPE }));
    },
    async delete(ref: ObjectRef, deleteOptions: DeleteOptions = {}) {
      const { dryRun, ...rest } = deleteOptions;
      const body = {
        apiVersion: "v1",
        kind: "DeleteOptions",
        ...rest,
        ...(dryRun === true ? { dryRun: ["All"] } : {}),
      };
      return readDeleted(await send("DELETE", await pathOf(ref, { ...ref }), { body }));
    },
    async log({ namespace, name }, logOptions, onText, signal) {
      const pod = { apiVersion: "v1", kind: "Pod" };
      const path = await pathOf(pod, { namespace, name, subresource: "log" });
      const asked = path + formatQuery({ ...logOptions });
      const open = call.raw({ method: "GET", path: asked, signal });
      const response = await open.catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      if (response !== undefined) await readLog(response, onText, signal);
    },
    discovery: mapper.all,
    close: call.close,
  };
}

interface Call {
  readonly method: HttpRequest["method"];
  readonly path: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

interface Caller {
  json(call: Call): Promise<unknown>;
  raw(call: Call): Promise<HttpResponse>;
  close(): void;
}

function createCaller(options: HttpsApiOptions): Caller {
  const server = new URL(options.server);
  const prefix = server.pathname.replace(/\/$/, "");
  const transport = createTransport(server, options);
  const { token } = options;
  const raw = async ({
    method,
    path,
    accept,
    contentType,
    body,
    signal,
  }: Call): Promise<HttpResponse> => {
    const bearer = typeof token === "function" ? await token() : token;
    const headers = {
      accept: accept ?? JSON_TYPE,
      "user-agent": "keelson",
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(body === undefined ? {} : { "content-type": contentType ?? JSON_TYPE }),
    };
    const text = body === undefined ? undefined : JSON.stringify(body);
    try {
      return await transport.send({ method, path: prefix + path, headers, body: text, signal });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ConnectionError(`${method} ${server.origin}${prefix}${path}: ${reason}`, { cause });
    }
  };
  return { raw, json: async (call) => readJson(await raw(call)), close: transport.close };
}

function formatQuery(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") parameters.set(key, String(value));
  }
  return parameters.size === 0 ? "" : `?${parameters.toString()}`;
}

function listQuery(options: ListOptions): Query {
  const { namespace: _namespace, ...query } = options;
  return query;
}

function watchQuery({ allowBookmarks, sendInitialEvents, ...options }: WatchOptions): Query {
  return {
    ...listQuery(options),
    watch: true,
    allowWatchBookmarks: allowBookmarks,
    sendInitialEvents,
  };
}

function writeQuery({ fieldManager, dryRun, fieldValidation }: WriteOptions): Query {
  return { fieldManager, fieldValidation, dryRun: dryRun === true ? "All" : undefined };
}

function readList(value: unknown, kind: KindRef): ObjectList {
  const metadata = isRecord(value) && isRecord(value["metadata"]) ? value["metadata"] : {};
  const items = isRecord(value) && Array.isArray(value["items"]) ? value["items"] : [];
  const { continue: token, resourceVersion } = metadata;
  return {
    items: items.filter(isRecord).map((item) => withKind(item, kind)),
    resourceVersion: typeof resourceVersion === "string" ? resourceVersion : "",
    ...(typeof token === "string" && token !== "" ? { continue: token } : {}),
  };
}

/** Gone unless something still holds it: the answer is then the object as it waits. */
function readDeleted(value: unknown): KubernetesObject | undefined {
  if (!isRecord(value) || !isRecord(value["metadata"]) || value["kind"] === "Status")
    return undefined;
  const object = value as unknown as KubernetesObject; // Neither a Status nor without metadata.
  const { deletionTimestamp, finalizers = [], deletionGracePeriodSeconds = 0 } = object.metadata;
  const isHeld = finalizers.length > 0 || deletionGracePeriodSeconds > 0;
  return deletionTimestamp !== undefined && isHeld ? object : undefined;
}
