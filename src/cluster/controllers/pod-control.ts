// Creating and deleting a workload's pods, with the events that say so. Mirrors RealPodControl in
// pkg/controller/controller_utils.go.

import { isNotFound, refOf, StatusError } from "../../kubernetes/index.ts";
import type {
  ControllerContext,
  KubernetesObject,
  Pod,
  PodTemplate,
} from "../../kubernetes/index.ts";
import { podFromTemplate } from "./pod-template.ts";
import { slowStart } from "./slow-start.ts";

/** Creates `count` pods with generated names; answers the first error. */
export async function createPods(
  context: ControllerContext,
  owner: KubernetesObject,
  template: PodTemplate,
  count: number,
): Promise<unknown> {
  const pod = podFromTemplate(owner, template);
  const { error } = await slowStart(count, () => createPod(context, owner, pod));
  return isNamespaceTerminating(error) ? undefined : error;
}

/** Creating pods in a namespace that is being emptied is pointless and no failure of the workload. */
export function isNamespaceTerminating(error: unknown): boolean {
  if (!(error instanceof StatusError)) return false;
  const causes = error.status.details?.causes ?? [];
  return causes.some(({ reason }) => reason === "NamespaceTerminating");
}

/** Creates one pod and records the event; rejects as the API does. */
export async function createPod(
  context: ControllerContext,
  owner: KubernetesObject,
  pod: KubernetesObject,
): Promise<KubernetesObject> {
  try {
    const created = await context.api.create(pod);
    context.event(owner, "Normal", "SuccessfulCreate", `Created pod: ${created.metadata.name}`);
    return created;
  } catch (error) {
    if (isNamespaceTerminating(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    context.event(owner, "Warning", "FailedCreate", `Error creating: ${message}`);
    throw error;
  }
}

/** Deletes pods; one that is gone already counts as deleted. Answers the first error. */
export async function deletePods(
  context: ControllerContext,
  owner: KubernetesObject,
  pods: readonly Pod[],
): Promise<unknown> {
  const results = await Promise.allSettled(pods.map((pod) => deletePod(context, owner, pod)));
  return results.find((result) => result.status === "rejected")?.reason;
}

export async function deletePod(
  context: ControllerContext,
  owner: KubernetesObject,
  pod: Pod,
): Promise<void> {
  const { uid, name } = pod.metadata;
  try {
    await context.api.delete(refOf(pod), uid === undefined ? {} : { preconditions: { uid } });
    context.event(owner, "Normal", "SuccessfulDelete", `Deleted pod: ${name}`);
  } catch (error) {
    if (isNotFound(error)) return;
    const message = error instanceof Error ? error.message : String(error);
    context.event(owner, "Warning", "FailedDelete", `Error deleting: ${message}`);
    throw error;
  }
}
