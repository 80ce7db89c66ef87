// What policies and webhooks need to know of the server they work in.

import type {
  AdmissionRequest,
  Authorizer,
  FieldSchema,
  KindFacts,
  KubernetesObject,
} from "../../../kubernetes/index.ts";
import {
  type ApiContext,
  createUid,
  decodeObject,
  type Resource,
  toVersion,
} from "../../api/index.ts";
import type { ServedVersion } from "./match-resources.ts";
import type { WebhookNetwork } from "./webhook-call.ts";

export interface PolicyServer {
  readonly authorize: Authorizer;
  readonly network: WebhookNetwork;
  uid(): string;
  /** Undefined when the kind is not served. */
  kind(apiVersion: string, kind: string): KindFacts | undefined;
  /** The other versions in which the requested resource is served. */
  versions(request: AdmissionRequest): readonly ServedVersion[];
  schema(object: KubernetesObject): FieldSchema;
  /** A changed object as the request's own version, decoded and with defaults. */
  admitted(
    changed: KubernetesObject,
    request: AdmissionRequest,
    before: KubernetesObject,
  ): KubernetesObject;
}

export function policyServer(
  { registry, authorizer, rng }: Pick<ApiContext, "registry" | "authorizer" | "rng">,
  network: WebhookNetwork,
): PolicyServer {
  const uids = rng.fork("admission");
  const resourceOf = (object: KubernetesObject): Resource | undefined =>
    registry.byKind(object.apiVersion, object.kind) ??
    registry.bodyResource(object.apiVersion, object.kind);
  return {
    authorize: authorizer,
    network,
    uid: () => createUid(uids),
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
    schema: (object) => resourceOf(object)?.facts.schema ?? {},
    admitted(changed, { user }, before) {
      const resource = resourceOf(before);
      if (resource === undefined) return changed;
      // Nobody is told what the server drops of a plug-in's change.
      const caller = { user, defaultManager: "", warn: () => undefined };
      const own = toVersion(resource, changed);
      return decodeObject(resource, own, { fieldValidation: "Ignore", caller });
    },
  };
}
