// Paths and operations of a resource, as far as clients look at them: which kind an operation is about and which query
// parameters it takes. kubectl decides by `fieldValidation` of PATCH whether the server validates.

import type { KindFacts } from "../../../kubernetes/index.ts";
import type { OpenApiNode } from "./components.ts";

interface Operation {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  readonly verb: string;
  readonly action: string;
}

const COLLECTION: readonly Operation[] = [
  { method: "get", verb: "list", action: "list" },
  { method: "post", verb: "create", action: "post" },
  { method: "delete", verb: "deletecollection", action: "deletecollection" },
];
const OBJECT: readonly Operation[] = [
  { method: "get", verb: "get", action: "get" },
  { method: "put", verb: "update", action: "put" },
  { method: "patch", verb: "patch", action: "patch" },
  { method: "delete", verb: "delete", action: "delete" },
];

const WRITE_PARAMETERS = ["dryRun", "fieldManager", "fieldValidation"];
const LIST_PARAMETERS = [
  "allowWatchBookmarks",
  "continue",
  "fieldSelector",
  "labelSelector",
  "limit",
  "resourceVersion",
  "resourceVersionMatch",
  "sendInitialEvents",
  "timeoutSeconds",
  "watch",
];
const DELETE_PARAMETERS = ["dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy"];

const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  list: LIST_PARAMETERS,
  deletecollection: [...DELETE_PARAMETERS, ...LIST_PARAMETERS],
  delete: DELETE_PARAMETERS,
  post: WRITE_PARAMETERS,
  put: WRITE_PARAMETERS,
  patch: [...WRITE_PARAMETERS, "force"],
  get: [],
};

const INTEGERS = new Set(["limit", "timeoutSeconds", "gracePeriodSeconds"]);
const FLAGS = new Set([
  "allowWatchBookmarks",
  "watch",
  "sendInitialEvents",
  "force",
  "orphanDependents",
]);

/** Path → path item. `reference` is the schema of the kind. */
export function pathsOf(facts: KindFacts, reference: OpenApiNode): Record<string, OpenApiNode> {
  const { group, version, resource, namespaced } = facts;
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespaced ? `${root}/namespaces/{namespace}` : root;
  const all = namespaced
    ? { [`${root}/${resource}`]: item(facts, reference, COLLECTION.slice(0, 1), []) }
    : {};
  const within = namespaced ? ["namespace"] : [];
  return {
    ...all,
    [`${scope}/${resource}`]: item(facts, reference, COLLECTION, within),
    [`${scope}/${resource}/{name}`]: item(facts, reference, OBJECT, ["name", ...within]),
  };
}

function item(
  facts: KindFacts,
  reference: OpenApiNode,
  operations: readonly Operation[],
  pathParameters: readonly string[],
): OpenApiNode {
  const { group, version, kind, verbs } = facts;
  const served = operations.filter(({ verb }) => verbs.includes(verb));
  const content = { "application/json": { schema: reference } };
  return {
    ...Object.fromEntries(
      served.map(({ method, action }) => [
        method,
        {
          "x-kubernetes-action": action,
          "x-kubernetes-group-version-kind": { group, version, kind },
          parameters: (PARAMETERS[action] ?? []).map(queryParameter),
          ...(method === "post" || method === "put" || method === "patch"
            ? { requestBody: { content: method === "patch" ? patchContent(facts) : content } }
            : {}),
          responses: { "200": { description: "OK", content } },
        },
      ]),
    ),
    parameters: pathParameters.map((name) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string", uniqueItems: true },
    })),
  };
}

const PATCH_TYPES = [
  "application/apply-patch+yaml",
  "application/json-patch+json",
  "application/merge-patch+json",
];

/** kubectl looks here for which patches a kind takes: custom kinds have no strategic merge. */
function patchContent({ custom }: KindFacts): OpenApiNode {
  const strategic = custom === undefined ? ["application/strategic-merge-patch+json"] : [];
  const types = [...PATCH_TYPES, ...strategic];
  return Object.fromEntries(types.map((type) => [type, { schema: { type: "object" } }]));
}

function queryParameter(name: string): OpenApiNode {
  const type = INTEGERS.has(name) ? "integer" : FLAGS.has(name) ? "boolean" : "string";
  return { name, in: "query", schema: { type, uniqueItems: true } };
}
