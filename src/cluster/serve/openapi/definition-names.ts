// What OpenAPI calls a kind: built-in kinds by their Go package, custom kinds by their group turned around.

import { formatApiVersion } from "../../../kubernetes/index.ts";
import type { KindFacts } from "../../../kubernetes/index.ts";
import { messageOfKind } from "../protobuf/message-types.ts";

/** `io.k8s.api.apps.v1.Deployment`; `com.example.v1.Gadget` for kinds nobody published. */
export function definitionName({ group, version, kind }: KindFacts): string {
  const known = messageOfKind(formatApiVersion(group, version), kind);
  if (known !== undefined) return known.definition;
  const domain = group === "" ? "io.k8s.core" : group.split(".").toReversed().join(".");
  return `${domain}.${version}.${kind}`;
}
