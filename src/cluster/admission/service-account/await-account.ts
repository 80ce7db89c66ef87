// The account `default` is made by a controller soon after its namespace: a pod that comes first waits for it as long as
// the real server asks again (ten times, 100 to 200 ms apart). Mirrors plugin/pkg/admission/serviceaccount getServiceAccount.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { ServiceAccountOptions } from "./service-account.ts";

const PAUSES = 9;
const PAUSE_MIN_MS = 100;

/** Undefined when it has not appeared in time. */
export function awaitAccount(
  { store, clock, rng }: ServiceAccountOptions,
  namespace: string,
  name: string,
): Promise<KubernetesObject | undefined> {
  const patienceMs = PAUSES * (PAUSE_MIN_MS + rng.below(PAUSE_MIN_MS));
  return new Promise((resolve) => {
    const finish = (account: KubernetesObject | undefined): void => {
      timer.cancel();
      watch.stop();
      resolve(account);
    };
    const scope = { resource: "/serviceaccounts", namespace, name, after: store.revision };
    const watch = store.watch(scope, (events) => {
      const made = events.find(({ type }) => type === "put");
      if (made !== undefined) finish(made.object);
    });
    const timer = clock.setTimer(patienceMs, () => finish(undefined));
  });
}
