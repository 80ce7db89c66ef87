// What Cilium cannot do where it only decides for another plugin.

import { defineDiagnostic } from "../../../core/index.ts";

/** docs.cilium.io "CNI Chaining": layer 7 rules, and lookups with them, are limited there (cilium/cilium#12454). */
export const namesBehindCloud = defineDiagnostic<{ substrate: string }>({
  code: "cni/names-behind-cloud",
  severity: "error",
  message: ({ substrate }) =>
    `Cilium sees no names and requests behind the network of ${substrate}, which it is chained to`,
  hint: () => "leave byName out, or let Cilium make the pods' network",
});
