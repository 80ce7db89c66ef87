// Eviction: deletes a pod unless a disruption budget forbids it. Mirrors kubernetes pkg/registry/core/pod/storage/eviction.go.

import { formatInstant, isRecord } from "../../../core/index.ts";
import { labelRequirements, matchesLabels, statusError } from "../../../kubernetes/index.ts";
import type { KubernetesObject, LabelSelector, Status } from "../../../kubernetes/index.ts";
import { revisionOf } from "../../store/index.ts";
import { admitBody } from "../admission-attributes.ts";
import type { ApiContext } from "../api-context.ts";
import { internalError } from "../refusals.ts";
import { numberAt, recordAt, recordsAt, textAt } from "../validation/fields.ts";
import { deleteObject } from "../verbs/delete.ts";
import { readDeleteSettings } from "../verbs/delete-settings.ts";
import { get } from "../verbs/get.ts";
import type { UpdateRequest } from "../verbs/requests.ts";

/** When to ask again while the budget has yet to be observed. */
const PROCESSING_RETRY_SECONDS = 10;
/** Evictions that were allowed and whose pods are still there (`MaxDisruptedPodSize`). */
const DISRUPTED_PODS_MAX = 2000;
const BUDGETS = "policy/poddisruptionbudgets";

const EVICTION = { group: "policy", version: "v1", kind: "Eviction" };

const EVICTED: Status = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  code: 201,
};

export async function evict(api: ApiContext, request: UpdateRequest): Promise<Status> {
  const { deleteOptions: options } = await admitBody(api, request, EVICTION);
  const pod = get(api, request);
  const settings = readDeleteSettings(options);
  const dryRun = request.dryRun || settings.dryRun;
  if (!mayGoFreely(pod)) spendBudget(api, pod, dryRun);
  await deleteObject(api, { ...request, ...settings, dryRun, admitted: "elsewhere" });
  return EVICTED;
}

/** Pods that have ended, are not scheduled, or are going already disrupt nobody. */
function mayGoFreely(pod: KubernetesObject): boolean {
  const phase = textAt(recordAt(pod, "status"), "phase");
  return (
    pod.metadata.deletionTimestamp !== undefined ||
    phase === "Succeeded" ||
    phase === "Failed" ||
    phase === "Pending"
  );
}

function spendBudget(api: ApiContext, pod: KubernetesObject, dryRun: boolean): void {
  const { namespace = "" } = pod.metadata;
  const budgets = api.store
    .list({ resource: BUDGETS, namespace })
    .filter((budget) => covers(budget, pod));
  const [budget, ...more] = budgets;
  if (budget === undefined) return;
  if (more.length > 0) {
    throw internalError(
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    );
  }
  if (!isReady(pod) && toleratesUnhealthy(budget)) return;
  const spent = spend(api, budget, pod);
  if (dryRun) return;
  const { name } = budget.metadata;
  api.store.put({ resource: BUDGETS, namespace, name }, spent, revisionOf(budget));
}

function covers(budget: KubernetesObject, pod: KubernetesObject): boolean {
  const selector = recordAt(budget, "spec")["selector"];
  if (!isRecord(selector)) return false;
  return matchesLabels(labelRequirements(selector as LabelSelector), pod.metadata.labels);
}

function isReady(pod: KubernetesObject): boolean {
  return recordsAt(recordAt(pod, "status"), "conditions").some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
}

/** A pod that is not ready costs nothing when the budget says so, or when enough others are healthy. */
function toleratesUnhealthy(budget: KubernetesObject): boolean {
  const policy = textAt(recordAt(budget, "spec"), "unhealthyPodEvictionPolicy");
  if (policy === "AlwaysAllow") return true;
  const status = recordAt(budget, "status");
  const desired = numberAt(status, "desiredHealthy") ?? 0;
  return (numberAt(status, "currentHealthy") ?? 0) >= desired && desired > 0;
}

function spend(api: ApiContext, budget: KubernetesObject, pod: KubernetesObject): KubernetesObject {
  const status = recordAt(budget, "status");
  const { generation = 0, name } = budget.metadata;
  if ((numberAt(status, "observedGeneration") ?? 0) < generation) {
    const why = `The disruption budget ${name} is still being processed by the server.`;
    throw refuse(why, PROCESSING_RETRY_SECONDS);
  }
  if (Object.keys(recordAt(status, "disruptedPods")).length > DISRUPTED_PODS_MAX) {
    throw statusError(
      "Forbidden",
      `poddisruptionbudgets.policy "${name}" is forbidden: DisruptedPods map too big - too many evictions not confirmed by PDB controller`,
      { name, group: "policy", kind: "poddisruptionbudgets" },
    );
  }
  const allowed = numberAt(status, "disruptionsAllowed") ?? 0;
  if (allowed <= 0) {
    const failed = failedSync(status);
    if (failed !== undefined) {
      throw refuse(
        `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${failed}`,
      );
    }
    const desired = numberAt(status, "desiredHealthy") ?? 0;
    const healthy = numberAt(status, "currentHealthy") ?? 0;
    throw refuse(
      `The disruption budget ${name} needs ${desired} healthy pods and has ${healthy} currently`,
    );
  }
  const disruptedPods = {
    ...recordAt(status, "disruptedPods"),
    [pod.metadata.name]: formatInstant(api.clock.now()),
  };
  return { ...budget, status: { ...status, disruptionsAllowed: allowed - 1, disruptedPods } };
}

/** Why the controller could not count the pods; undefined when it could. */
function failedSync(status: Readonly<Record<string, unknown>>): string | undefined {
  const failed = recordsAt(status, "conditions").find(
    (condition) =>
      condition["type"] === "DisruptionAllowed" &&
      condition["status"] === "False" &&
      condition["reason"] === "SyncFailed",
  );
  return failed === undefined ? undefined : textAt(failed, "message");
}

function refuse(why: string, retryAfterSeconds?: number): Error {
  return statusError(
    "TooManyRequests",
    "Cannot evict pod as it would violate the pod's disruption budget.",
    {
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      causes: [{ reason: "DisruptionBudget", message: why }],
    },
  );
}
