// One OpenAPI v3 document per group version.

import { formatApiVersion } from "../../../kubernetes/index.ts";
import type { ResourceRegistry } from "../../api/registry.ts";
import type { ServedVersion } from "../discovery/served-groups.ts";
import { VERSION } from "../version.ts";
import { createComponents } from "./components.ts";
import type { OpenApiNode } from "./components.ts";
import { pathsOf } from "./operations.ts";

export const INFO = { title: "Kubernetes", version: VERSION.gitVersion };
const V3_PREFIX = "#/components/schemas/";

/** `api/v1`, `apis/apps/v1`: the key of a document in the index, and its path below `/openapi/v3/`. */
export function documentKey(group: string, version: string): string {
  const name = formatApiVersion(group, version);
  return group === "" ? `api/${name}` : `apis/${name}`;
}

export function groupVersionDocument(
  registry: ResourceRegistry,
  { resources }: ServedVersion,
): OpenApiNode {
  const components = createComponents(V3_PREFIX);
  const paths: Record<string, OpenApiNode> = {};
  for (const { facts } of resources) {
    const name = components.addKind(facts);
    Object.assign(paths, pathsOf(facts, { $ref: V3_PREFIX + name }));
    for (const { group, version, kind } of facts.subresourceFacts ?? []) {
      const body = registry.bodyKind(formatApiVersion(group, version), kind);
      if (body !== undefined) components.addKind(body);
    }
  }
  return { openapi: "3.0.0", info: INFO, paths, components: { schemas: components.schemas } };
}
