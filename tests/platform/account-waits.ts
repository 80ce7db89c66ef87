// The stand-in of an operator's chart makes its sets at once, before the folder that holds their account. By the end of a test the
// account has to be there, and nobody but stand-ins may have waited for it.

import { valueAt } from "../../src/core/index.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import type { EmbeddedTarget } from "../../src/runtime/index.ts";

export interface AccountWait {
  /** The whole error, as its controller reported it. */
  readonly said: string;
  readonly namespace: string;
  readonly account: string;
}

const ACCOUNT_AWAY = /error looking up service account (.*)\/(.*): serviceaccount .* not found/;

export function parseAccountWait(said: string): AccountWait | undefined {
  const [, namespace, account] = ACCOUNT_AWAY.exec(said) ?? [];
  return namespace === undefined || account === undefined
    ? undefined
    : { said, namespace, account };
}

const SETS = ["apps/statefulsets", "apps/deployments", "apps/daemonsets", "batch/jobs"];
const STAND_IN = "keelson.dev/simulated";

export function hasCome(
  { namespace, account }: AccountWait,
  targets: readonly { readonly cluster: Pick<EmbeddedTarget["cluster"], "context"> }[],
): boolean {
  return targets.some(({ cluster }) => {
    const listed = (resource: string): readonly KubernetesObject[] =>
      cluster.context.store.list({ resource, namespace });
    const users = SETS.flatMap(listed).filter((set) => accountOf(set) === account);
    return (
      users.length > 0 &&
      users.every(({ metadata }) => metadata.labels?.[STAND_IN] === "true") &&
      listed("/serviceaccounts").some(({ metadata }) => metadata.name === account)
    );
  });
}

function accountOf(set: KubernetesObject): unknown {
  return valueAt(set, ["spec", "template", "spec", "serviceAccountName"]);
}
