// OpenAPI v3 documents of what is no group version: the roots of the APIs, each built-in group, the version and the keys
// of service account tokens. Mirrors what kube-openapi makes of the API server's own web services.

import type { ServedGroup } from "../discovery/served-groups.ts";
import type { OpenApiNode } from "./components.ts";

const META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
const PREFIX = "#/components/schemas/";
const TEXT = { type: "string" };
const listOf = (items: OpenApiNode): OpenApiNode => ({ type: "array", items });
const record = (properties: OpenApiNode, required: readonly string[]): OpenApiNode => ({
  type: "object",
  properties: { apiVersion: TEXT, kind: TEXT, ...properties },
  required,
});
const part = (properties: OpenApiNode): OpenApiNode => ({
  type: "object",
  properties,
  required: Object.keys(properties),
});
const refer = (name: string): OpenApiNode => ({ $ref: `${PREFIX}${META}${name}` });

const ADDRESSES = { serverAddressByClientCIDRs: listOf(refer("ServerAddressByClientCIDR")) };

const SCHEMAS = {
  ServerAddressByClientCIDR: part({ clientCIDR: TEXT, serverAddress: TEXT }),
  GroupVersionForDiscovery: part({ groupVersion: TEXT, version: TEXT }),
  APIVersions: record({ ...ADDRESSES, versions: listOf(TEXT) }, [
    "versions",
    "serverAddressByClientCIDRs",
  ]),
  APIGroup: record(
    {
      name: TEXT,
      preferredVersion: refer("GroupVersionForDiscovery"),
      ...ADDRESSES,
      versions: listOf(refer("GroupVersionForDiscovery")),
    },
    ["name", "versions"],
  ),
  APIGroupList: record({ groups: listOf(refer("APIGroup")) }, ["groups"]),
} satisfies Record<string, OpenApiNode>;

type MetaKind = keyof typeof SCHEMAS;

const GROUP_PARTS: readonly MetaKind[] = ["GroupVersionForDiscovery", "ServerAddressByClientCIDR"];
const VERSION_INFO = "io.k8s.apimachinery.pkg.version.Info";
const VERSION_FIELDS = [
  "buildDate",
  "compiler",
  "gitCommit",
  "gitTreeState",
  "gitVersion",
  "goVersion",
  "major",
  "minor",
  "platform",
];
const SERIALISATIONS = [
  "application/json",
  "application/yaml",
  "application/vnd.kubernetes.protobuf",
];

/** By their key in the index, which is also their path. Custom groups have documents of their versions only. */
export function rootDocuments(
  groups: readonly ServedGroup[],
  info: OpenApiNode,
): ReadonlyMap<string, OpenApiNode> {
  const metaDocument = (path: string, kind: MetaKind, parts: readonly MetaKind[]): OpenApiNode =>
    document(info, path, operation(SERIALISATIONS, refer(kind)), metaSchemas([kind, ...parts]));
  const named = groups.filter(({ name, versions }) => name !== "" && isBuiltin(versions));
  const text = (path: string, type: string): OpenApiNode =>
    document(info, path, operation([type], TEXT), {});
  const fields = Object.fromEntries(VERSION_FIELDS.map((name) => [name, TEXT]));
  const version = operation(["application/json"], { $ref: PREFIX + VERSION_INFO });
  return new Map([
    [
      ".well-known/openid-configuration",
      text("/.well-known/openid-configuration/", "application/json"),
    ],
    ["api", metaDocument("/api/", "APIVersions", ["ServerAddressByClientCIDR"])],
    ["apis", metaDocument("/apis/", "APIGroupList", ["APIGroup", ...GROUP_PARTS])],
    ...named.map(
      ({ name }) =>
        [`apis/${name}`, metaDocument(`/apis/${name}/`, "APIGroup", GROUP_PARTS)] as const,
    ),
    ["openid/v1/jwks", text("/openid/v1/jwks/", "application/jwk-set+json")],
    ["version", document(info, "/version/", version, { [VERSION_INFO]: part(fields) })],
  ]);
}

function isBuiltin(versions: ServedGroup["versions"]): boolean {
  return versions.some(({ resources }) =>
    resources.some(({ facts }) => facts.custom === undefined),
  );
}

function metaSchemas(kinds: readonly MetaKind[]): OpenApiNode {
  return Object.fromEntries(kinds.map((kind) => [META + kind, SCHEMAS[kind]]));
}

function operation(types: readonly string[], schema: OpenApiNode): OpenApiNode {
  const content = Object.fromEntries(types.map((type) => [type, { schema }]));
  return {
    responses: { "200": { description: "OK", content }, "401": { description: "Unauthorized" } },
  };
}

function document(
  info: OpenApiNode,
  path: string,
  get: OpenApiNode,
  schemas: OpenApiNode,
): OpenApiNode {
  return { openapi: "3.0.0", info, paths: { [path]: { get } }, components: { schemas } };
}
