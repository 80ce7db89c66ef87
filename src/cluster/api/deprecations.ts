// What the server says to whoever uses a deprecated kind. Source: kubernetes v1.36.2 pkg/registry (APILifecycle* and the
// warnings of endpoints and component statuses); custom kinds carry their own sentence.

import { apiVersionOf } from "./resource.ts";
import type { Resource } from "./resource.ts";

const BUILTIN: Readonly<Record<string, string>> = {
  "/endpoints": "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  "/componentstatuses": "v1 ComponentStatus is deprecated in v1.19+",
};

/** Undefined for kinds that are not deprecated. */
export function deprecationOf({ facts }: Resource): string | undefined {
  const { custom, group, resource, kind } = facts;
  if (custom === undefined) return BUILTIN[`${group}/${resource}`];
  if (custom.deprecated !== true) return undefined;
  return custom.deprecationWarning ?? `${apiVersionOf(facts)} ${kind} is deprecated`;
}
