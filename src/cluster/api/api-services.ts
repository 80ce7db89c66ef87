// The APIs that others add to this one: those offered in this process, and the APIService objects that switch them on.
// Mirrors kube-aggregator: no object, no API; an object that is not available answers 503.

import { statusError } from "../../kubernetes/index.ts";
import type { ApiService, ApiServiceAnswer, ApiServiceRequest } from "../../kubernetes/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import type { Store } from "../store/index.ts";
import { recordAt, recordsAt, textAt } from "./validation/fields.ts";

export const API_SERVICES = "apiregistration.k8s.io/apiservices";

export interface ServedApiService {
  readonly service: ApiService;
  readonly available: boolean;
}

export interface ApiServices {
  /** From now on an APIService object of this group and version is answered here. */
  offer(service: ApiService): void;
  offers(group: string, version: string): boolean;
  /** Undefined while no object asks for it, or nothing here can answer. */
  find(group: string, version: string): ServedApiService | undefined;
  /** Throws what a client would be told: 404 without the API, 503 while it is not available. */
  read(group: string, version: string, request: ApiServiceRequest): ApiServiceAnswer;
  /** Sorted by group and version. */
  served(): readonly ServedApiService[];
}

export function createApiServices(store: Store): ApiServices {
  const offered = new Map<string, ApiService>();
  const find = (group: string, version: string): ServedApiService | undefined => {
    const service = offered.get(`${version}.${group}`);
    if (service === undefined) return undefined;
    const object = store.get({
      resource: API_SERVICES,
      namespace: "",
      name: `${version}.${group}`,
    });
    return object === undefined ? undefined : { service, available: isAvailable(object) };
  };
  return {
    offer: (service) => void offered.set(`${service.version}.${service.group}`, service),
    offers: (group, version) => offered.has(`${version}.${group}`),
    find,
    read(group, version, request) {
      const found = find(group, version);
      if (found === undefined) throw notFoundHere(group, request);
      if (!found.available) throw unavailable(group, request);
      return found.service.read(request);
    },
    served: () =>
      [...offered.values()]
        .toSorted((a, b) => (`${a.group}/${a.version}` < `${b.group}/${b.version}` ? -1 : 1))
        .flatMap(({ group, version }) => find(group, version) ?? []),
  };
}

function isAvailable(object: KubernetesObject): boolean {
  return recordsAt(recordAt(object, "status"), "conditions").some(
    (condition) => textAt(condition, "type") === "Available" && condition["status"] === "True",
  );
}

/** As client-go words a 404 without a body it can read. */
function notFoundHere(group: string, request: ApiServiceRequest): Error {
  const message = `the server could not find the requested resource (${asked(group, request)})`;
  return statusError("NotFound", message, { group, kind: request.resource });
}

function unavailable(group: string, request: ApiServiceRequest): Error {
  const message = `the server is currently unable to handle the request (${asked(group, request)})`;
  return statusError("ServiceUnavailable", message, { group, kind: request.resource });
}

/** Clients call a list a get as well, after its method. */
function asked(group: string, { resource }: ApiServiceRequest): string {
  return `get ${resource}.${group}`;
}
