// Where a platform asks for TLS on the whole way of a request, no hop of it is plain text but those that say why.

import { defineDiagnostic } from "../../core/index.ts";
import { hopsOf, type Hop } from "../../graph/index.ts";
import type { Check } from "../target-view.ts";

export const plainHop = defineDiagnostic<{ hop: Hop; cluster: string }>({
  code: "verify/plain-hop",
  severity: "error",
  message: ({ hop: { route, from, to, port, application }, cluster }) =>
    `on ${cluster} the way of ${route} is plain ${application} from ${from} to ${to}:${port}`,
  hint: ({ hop: { to, isEntry } }) =>
    isEntry
      ? "serve HTTPS: tls: true of the ingress, with somebody who issues certificates"
      : `encrypt it (upstream of the route, a mesh, TLS of the server), or add it to tls.except: to: ${JSON.stringify(to)} with a reason`,
});

export const checkPlainHops: Check = function* ({ cluster, graph }) {
  const { hops, except } = cluster.tls;
  if (hops !== "strict") return;
  const plain = hopsOf(cluster.routes, graph).filter(
    ({ encryption, onlyRedirects }) => encryption === "none" && !onlyRedirects,
  );
  const allowed = new Set(except.map(({ to }) => to));
  for (const hop of plain) {
    if (!allowed.has(hop.to)) yield plainHop(hop.origin, { hop, cluster: cluster.name });
  }
};
