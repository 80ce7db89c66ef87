// Resources of added APIs as in-process clients see them: found by kind and computed when read.

import { formatApiVersion, parseApiVersion } from "../../kubernetes/index.ts";
import type {
  ApiServiceAnswer,
  ApiServiceRequest,
  ApiServiceResource,
  DiscoveredResource,
  KindRef,
} from "../../kubernetes/index.ts";
import type { ApiContext } from "./api-context.ts";

export interface ComputedResource extends ApiServiceResource {
  readonly group: string;
  readonly version: string;
}

type Services = Pick<ApiContext, "services" | "registry">;

export function computedResource(
  { services, registry }: Services,
  { apiVersion, kind }: KindRef,
): ComputedResource | undefined {
  if (registry.byKind(apiVersion, kind) !== undefined) return undefined;
  const { group, version } = parseApiVersion(apiVersion);
  const resources = services.find(group, version)?.service.resources() ?? [];
  const found = resources.find((resource) => resource.kind === kind);
  return found === undefined ? undefined : { ...found, group, version };
}

export function readComputed(
  { services }: Services,
  { group, version, resource }: ComputedResource,
  asked: Omit<ApiServiceRequest, "resource" | "subresource">,
): ApiServiceAnswer {
  return services.read(group, version, { ...asked, resource, subresource: "" });
}

export function computedResources({ services }: Services): readonly DiscoveredResource[] {
  return services.served().flatMap(({ service }) =>
    service.resources().map(({ resource, kind, namespaced, verbs, shortNames = [] }) => ({
      apiVersion: formatApiVersion(service.group, service.version),
      kind,
      resource,
      namespaced,
      shortNames,
      verbs,
      subresources: [],
    })),
  );
}
