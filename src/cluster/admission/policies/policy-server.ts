// What policies and webhooks need to know of the server they work in.

import type { AdmissionRequest, Authorizer, KindFacts } from "../../../kubernetes/index.ts";
import type { ResourceRegistry } from "../../api/index.ts";
import { toVersion } from "../../api/index.ts";
import type { ServedVersion } from "./match-resources.ts";

export interface PolicyServer {
  readonly authorize: Authorizer;
  /** Undefined when the kind is not served. */
  kind(apiVersion: string, kind: string): KindFacts | undefined;
  /** The other versions in which the requested resource is served. */
  versions(request: AdmissionRequest): readonly ServedVersion[];
}

export function policyServer(registry: ResourceRegistry, authorize: Authorizer): PolicyServer {
  return {
    authorize,
    kind: (apiVersion, kind) => registry.byKind(apiVersion, kind)?.facts,
    versions: ({ facts: { group, version, resource } }) =>
      registry
        .all()
        .filter(
          ({ facts }) =>
            facts.group === group && facts.resource === resource && facts.version !== version,
        )
        .map((served) => ({
          facts: served.facts,
          convert: (object) => toVersion(served, object),
        })),
  };
}
