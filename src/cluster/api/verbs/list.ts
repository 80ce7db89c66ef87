// GET of a collection: the newest state, a state not older than a version, or pages of one snapshot.

import { failure, statusError, StatusError } from "../../../kubernetes/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { CompactedError } from "../../store/index.ts";
import type { Revision } from "../../store/index.ts";
import type { ApiContext } from "../api-context.ts";
import { forbiddenField, unsupportedField } from "../field-error.ts";
import { badRequest, invalid } from "../refusals.ts";
import { parseSelection } from "../selection.ts";
import type { Selection } from "../selection.ts";
import { formatContinue, parseContinue } from "./continue-token.ts";
import { readable } from "./readable.ts";
import type { ResourceTarget } from "./requests.ts";

export interface ListRequest extends ResourceTarget {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: string | undefined;
  readonly sendInitialEvents?: boolean | undefined;
}

export interface ListResult {
  readonly items: readonly KubernetesObject[];
  readonly resourceVersion: string;
  readonly continue?: string;
  /** Absent with selectors, and on the last page. */
  readonly remainingItemCount?: number;
}

export function list(api: ApiContext, request: ListRequest): ListResult {
  checkOptions(request);
  const { resource } = request;
  const selection = parseSelection(resource, request.labelSelector, request.fieldSelector);
  const token = request.continue ? parseContinue(request.continue) : undefined;
  const at = token === undefined ? snapshotOf(api, request) : token.revision;
  const revision = at ?? api.store.revision;
  const all = readItems(api, request, selection, at);
  const rest =
    token === undefined ? all : all.filter((object) => continueKey(object) > token.after);
  const matching = selection.isEverything
    ? rest
    : rest.filter((object) => selection.matches(object));
  const { limit = 0 } = request;
  const page = limit > 0 ? matching.slice(0, limit) : matching;
  const last = page.at(-1);
  const result = {
    items: page.map((object) => readable(api, resource, object)),
    resourceVersion: String(revision),
  };
  if (last === undefined || page.length === matching.length) return result;
  const next = { ...result, continue: formatContinue({ revision, after: continueKey(last) }) };
  return selection.isEverything
    ? { ...next, remainingItemCount: matching.length - page.length }
    : next;
}

/** The order of pages: the order of the store. */
function continueKey({ metadata }: KubernetesObject): string {
  return metadata.namespace === undefined
    ? metadata.name
    : `${metadata.namespace}/${metadata.name}`;
}

function readItems(
  api: ApiContext,
  request: ListRequest,
  selection: Selection,
  at: Revision | undefined,
): readonly KubernetesObject[] {
  const { resource } = request;
  const namespace = resource.facts.namespaced ? (request.namespace ?? selection.namespace) : "";
  const scope = { resource: resource.storeResource, namespace };
  if (selection.name !== undefined && namespace !== undefined && at === undefined) {
    const found = api.store.get({ ...scope, namespace, name: selection.name });
    return found === undefined ? [] : [found];
  }
  try {
    return api.store.list(scope, at);
  } catch (error) {
    if (error instanceof CompactedError) throw expired(api, request);
    throw error;
  }
}

function expired(api: ApiContext, request: ListRequest): StatusError {
  if (!request.continue) {
    return statusError("Expired", `The resourceVersion for the provided list is too old.`);
  }
  const { after } = parseContinue(request.continue);
  const token = formatContinue({ revision: api.store.revision, after });
  return new StatusError({
    ...failure(
      "Expired",
      "The provided continue parameter is too old to display a consistent list result. You can start a new list " +
        "without the continue parameter, or use the continue token in this response to retrieve the remainder of the " +
        "results. Continuing with the provided token results in an inconsistent list - objects that were created, " +
        "modified, or deleted between the time the first chunk was returned and now may show up in the list.",
    ),
    metadata: { continue: token },
  });
}

/** The revision to read at; undefined for the newest. */
function snapshotOf(api: ApiContext, request: ListRequest): Revision | undefined {
  const text = request.resourceVersion ?? "";
  if (text === "" || text === "0") return undefined;
  const asked = parseRevision(text);
  if (asked > api.store.revision) throw tooLarge(asked, api.store.revision);
  const isExact =
    request.resourceVersionMatch === "Exact" ||
    (request.resourceVersionMatch === undefined && (request.limit ?? 0) > 0);
  return isExact ? asked : undefined;
}

export function parseRevision(text: string): Revision {
  if (/^\d+$/.test(text)) return Number(text);
  throw badRequest(
    `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}

export function tooLarge(asked: Revision, current: Revision): StatusError {
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`;
  const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
  return statusError("Timeout", message, { causes, retryAfterSeconds: 1 });
}

const MATCHES: readonly string[] = ["Exact", "NotOlderThan", ""];

/** Mirrors apimachinery pkg/apis/meta/internalversion/validation. */
function checkOptions(request: ListRequest): void {
  const { resourceVersion = "", resourceVersionMatch: match, continue: token = "" } = request;
  const causes: StatusCause[] = [];
  const field = "resourceVersionMatch";
  if (match !== undefined && match !== "") {
    if (resourceVersion === "") {
      causes.push(
        forbiddenField(
          field,
          "resourceVersionMatch is forbidden unless resourceVersion is provided",
        ),
      );
    }
    if (token !== "") {
      causes.push(
        forbiddenField(field, "resourceVersionMatch is forbidden when continue is provided"),
      );
    }
    if (!MATCHES.includes(match)) causes.push(unsupportedField(field, match, MATCHES));
    if (match === "Exact" && resourceVersion === "0") {
      causes.push(
        forbiddenField(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'),
      );
    }
  }
  if (request.sendInitialEvents !== undefined) {
    causes.push(forbiddenField("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  }
  if (causes.length > 0) throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", causes);
  if (token !== "" && resourceVersion !== "" && resourceVersion !== "0") {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
}
