// Discovery requests. Documents are made when they are first asked for and again after kinds have changed.

import { createHash } from "node:crypto";

import type { ApiContext, ServedApiService } from "../../api/index.ts";
import { negotiate, wantsAggregated } from "../accept.ts";
import type { MediaRange } from "../accept.ts";
import type { AnswerHeaders, Exchange } from "../exchange.ts";
import { answerJson, answerText, PAGE_NOT_FOUND } from "../respond.ts";
import { aggregatedDiscovery, AGGREGATED_TYPE } from "./aggregated.ts";
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from "./resource-list.ts";
import { addedGroups, servedGroups } from "./served-groups.ts";
import type { ListedGroup } from "./served-groups.ts";

export interface Discovery {
  /** `path` without a trailing slash. */
  answer(exchange: Exchange, path: string, accepted: readonly MediaRange[]): void;
  /** Every path that has a document. */
  paths(): readonly string[];
}

interface Tagged {
  readonly text: string;
  /** Quoted. */
  readonly etag: string;
}

interface Documents {
  /** What they were made from: the kinds at a point, and the state of the added APIs. */
  readonly generation: string;
  readonly groups: readonly ListedGroup[];
  readonly aggregated: Map<string, Tagged>;
}

export function createDiscovery(
  { registry, services }: Pick<ApiContext, "registry" | "services">,
  serverAddress: () => string,
): Discovery {
  let documents: Documents | undefined;
  const current = (): Documents => {
    const added = services.served();
    const generation = `${registry.generation}/${added.map(stateOf).join()}`;
    if (documents?.generation === generation) return documents;
    const groups = [...servedGroups(registry.all()), ...addedGroups(added)];
    documents = { generation, groups, aggregated: new Map() };
    return documents;
  };
  return {
    answer(exchange, path, accepted) {
      const isRoot = path === "/api" || path === "/apis";
      if (isRoot && wantsAggregated(accepted)) {
        return answerAggregated(exchange, aggregatedAt(current(), path));
      }
      const document = documentAt(current().groups, path, serverAddress);
      if (document === undefined) return answerText(exchange, 404, PAGE_NOT_FOUND);
      const context = { exchange, warnings: [], encoding: negotiate(accepted)?.encoding ?? "json" };
      const more: AnswerHeaders = isRoot ? { vary: "Accept" } : {};
      answerJson(context, 200, JSON.stringify(document), more);
    },
    paths: () => pathsOf(current().groups),
  };
}

function stateOf({ service: { group, version }, available }: ServedApiService): string {
  return `${group}/${version}:${available}`;
}

function aggregatedAt({ groups, aggregated }: Documents, path: string): Tagged {
  const known = aggregated.get(path);
  if (known !== undefined) return known;
  const isCore = path === "/api";
  const text = JSON.stringify(
    aggregatedDiscovery(groups.filter(({ name }) => (name === "") === isCore)),
  );
  const etag = `"${createHash("sha512").update(text).digest("hex").toUpperCase()}"`;
  const tagged = { text, etag };
  aggregated.set(path, tagged);
  return tagged;
}

function answerAggregated(exchange: Exchange, { text, etag }: Tagged): void {
  const headers = { etag, vary: "Accept", "cache-control": "public" };
  const known = (exchange.header("if-none-match") ?? "").split(",").map((tag) => tag.trim());
  if (known.includes(etag)) exchange.answer(304, headers, "");
  else exchange.answer(200, { ...headers, "content-type": AGGREGATED_TYPE }, text);
}

function documentAt(
  groups: readonly ListedGroup[],
  path: string,
  serverAddress: () => string,
): unknown {
  if (path === "/api") return apiVersions(groups, serverAddress());
  if (path === "/apis") return apiGroupList(groups);
  const [prefix, ...parts] = path.split("/").filter((part) => part !== "");
  const [name = "", version] = prefix === "api" ? ["", ...parts] : parts;
  const group = groups.find((one) => one.name === name);
  if (group === undefined || parts.length > 2) return undefined;
  if (version === undefined) return name === "" ? undefined : apiGroup(group);
  const served = group.versions.find((one) => one.version === version);
  return served === undefined ? undefined : apiResourceList(name, served);
}

function pathsOf(groups: readonly ListedGroup[]): readonly string[] {
  const below = groups.flatMap(({ name, versions }) =>
    name === ""
      ? versions.map(({ version }) => `/api/${version}`)
      : [`/apis/${name}`, ...versions.map(({ version }) => `/apis/${name}/${version}`)],
  );
  return ["/api", "/apis", ...below];
}
