// Where apps live that do not say so themselves.

import type { AppPlace } from "../../../model/index.ts";
import type { NamespaceScheme, NamespacesOptions } from "./options.ts";

const HOMES: Readonly<Record<NamespaceScheme, (app: AppPlace) => string>> = {
  app: ({ name }) => name,
  tier: ({ group, routed }) => group ?? (routed ? "frontend" : "services"),
  layer: ({ group }) => group ?? "apps",
  group: ({ group, name }) => group ?? name,
};

export function namespaceOf(app: AppPlace, { scheme }: Pick<NamespacesOptions, "scheme">): string {
  return HOMES[scheme](app);
}
