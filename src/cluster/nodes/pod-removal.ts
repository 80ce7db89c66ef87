// The end of a pod that its node has stopped: the object is deleted for good.

import { isTerminal, refOf, unlessOvertaken } from "../../kubernetes/index.ts";
import type { KubeApi, Pod } from "../../kubernetes/index.ts";

/** A pod that others hold by a finalizer is first shown as ended, by `showEnded`. */
export async function removePod(
  api: KubeApi,
  pod: Pod,
  showEnded: () => Promise<void>,
): Promise<void> {
  const { uid, finalizers = [] } = pod.metadata;
  if (finalizers.length > 0 && !isTerminal(pod)) await showEnded();
  const preconditions = uid === undefined ? {} : { preconditions: { uid } };
  if (pod.metadata.deletionGracePeriodSeconds === 0 && finalizers.length > 0) return;
  await unlessOvertaken(api.delete(refOf(pod), { gracePeriodSeconds: 0, ...preconditions }));
}
