// How Applications sync. Fields: argo-cd docs/user-guide/{auto_sync,sync-options}.md, v3.5.

import type { Fields } from "../../manifests/index.ts";
import type { ArgocdOptions } from "./options.ts";

/** A root waits between waves for as long as it takes, and does not insist on the commit it began with. */
export function rootSyncPolicy(options: Pick<ArgocdOptions, "sync">): Fields {
  const { retry, ...policy } = syncPolicy(options);
  return { ...policy, retry: { ...(retry as Fields), limit: -1, refresh: true } };
}

/** `mixed`: kinds of some objects are not there yet when the others have to be. */
export function syncPolicy({ sync }: Pick<ArgocdOptions, "sync">, mixed = false): Fields {
  return {
    // `manual` leaves the decision to a person in the interface; drift is still shown.
    ...(sync === "manual" ? {} : { automated: { prune: true, selfHeal: true } }),
    // About a quarter of an hour: enough for CRDs, webhooks and namespaces of other Applications to appear.
    retry: { limit: 10, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } },
    syncOptions: [
      // Large CRDs do not fit into the annotation of a client-side apply.
      "ServerSideApply=true",
      "RespectIgnoreDifferences=true",
      // Namespaces are declared, with their quota and labels.
      "CreateNamespace=false",
      // One kind nobody serves yet would otherwise keep everything else from being applied.
      ...(mixed ? ["SkipDryRunOnMissingResource=true"] : []),
    ],
  };
}
