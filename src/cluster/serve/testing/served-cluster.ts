// A cluster without controllers behind a real socket, for tests.

import { createRealClock, createRng } from "../../../core/index.ts";
import type { ApiContext } from "../../api/api-context.ts";
import { createApi } from "../../api/create-api.ts";
import type { ApiOptions } from "../../api/create-api.ts";
import { createMemoryStore } from "../../store/index.ts";
import { serveApi } from "../serve-api.ts";
import type { ServedApi, ServeOptions } from "../serve-api.ts";
import { ask, firstLines } from "./https-client.ts";
import type { Answer, Asked } from "./https-client.ts";

export interface ServedCluster {
  readonly api: ApiContext;
  readonly served: ServedApi;
  /** With the administrator's token, unless headers say otherwise. */
  send(method: string, path: string, body?: unknown, headers?: Asked["headers"]): Promise<Answer>;
  get(path: string, accept?: string): Promise<Answer>;
  /** The first events of a watch. */
  watch(path: string, count: number, accept?: string): Promise<unknown[]>;
}

export async function startServedCluster(
  apiOptions: Partial<ApiOptions> = {},
  serveOptions: Partial<ServeOptions> = {},
): Promise<ServedCluster> {
  const clock = createRealClock({ keepAlive: true });
  const api = createApi({
    store: createMemoryStore(),
    clock,
    rng: createRng("serve"),
    serviceCidr: "10.43.0.0/16",
    ...apiOptions,
  });
  const served = await serveApi(api, { name: "test", port: 0, clock, ...serveOptions });
  const headersOf = (headers: Asked["headers"]): Readonly<Record<string, string>> => ({
    authorization: `Bearer ${served.token}`,
    ...headers,
  });
  const ca = served.caPem;
  return {
    api,
    served,
    send(method, path, body, headers = {}) {
      const type = body === undefined ? {} : { "content-type": "application/json" };
      const asked = { method, ca, headers: headersOf({ ...type, ...headers }) };
      const bytes = Buffer.isBuffer(body) || typeof body === "string" ? body : JSON.stringify(body);
      return ask(served.url + path, body === undefined ? asked : { ...asked, body: bytes });
    },
    get: (path, accept = "application/json") =>
      ask(served.url + path, { ca, headers: headersOf({ accept }) }),
    watch: (path, count, accept = "application/json") =>
      firstLines(served.url + path, { ca, headers: headersOf({ accept }) }, count),
  };
}
