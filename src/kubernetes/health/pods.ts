// Pods. Mirrors gitops-engine pkg/health/health_pod.go: a pod that restarts forever is degraded as soon as a container
// waits on an error; one that runs to its end is progressing until it ends.

import { isRecord } from "../../core/index.ts";
import type { KubernetesObject } from "../object.ts";
import {
  conditionOf,
  count,
  degraded,
  healthy,
  items,
  progressing,
  text,
  unknown,
} from "./fields.ts";
import type { Health, HealthRules } from "./rule.ts";

export const POD_HEALTH: HealthRules = { "/Pod": podHealth };

const WAITING_ON_ERROR = /^Err|Error$|BackOff$/;

function podHealth(pod: KubernetesObject): Health {
  const endless = (text(pod, "spec", "restartPolicy") || "Always") === "Always";
  const errors = endless ? waitingErrors(pod) : [];
  if (errors.length > 0) return degraded(errors.join(", "));
  const message = text(pod, "status", "message");
  switch (text(pod, "status", "phase")) {
    case "Pending":
      return progressing(message || pendingReason(pod));
    case "Succeeded":
      return healthy(message);
    case "Failed":
      return degraded(message || failureOf(pod));
    case "Running":
      return endless ? runningHealth(pod, message) : progressing(message || "running to its end");
    default:
      return unknown(message);
  }
}

function waitingErrors(pod: KubernetesObject): string[] {
  const statuses = [
    ...items(pod, "status", "initContainerStatuses"),
    ...items(pod, "status", "containerStatuses"),
  ];
  return statuses.flatMap((status) => {
    const reason = text(status, "state", "waiting", "reason");
    if (!WAITING_ON_ERROR.test(reason)) return [];
    return [text(status, "state", "waiting", "message") || reason];
  });
}

function pendingReason(pod: KubernetesObject): string {
  const scheduled = conditionOf(pod, "PodScheduled");
  return scheduled?.status === "False" ? (scheduled.message ?? "not scheduled") : "pending";
}

function runningHealth(pod: KubernetesObject, message: string): Health {
  if (conditionOf(pod, "Ready")?.status === "True") return healthy(message);
  const crashed = items(pod, "status", "containerStatuses").some((status) => {
    const last = status["lastState"];
    return isRecord(last) && isRecord(last["terminated"]);
  });
  if (crashed) return degraded(message || "a container terminated and the pod is not ready");
  return progressing(message || "not ready");
}

function failureOf(pod: KubernetesObject): string {
  const statuses = [
    ...items(pod, "status", "initContainerStatuses"),
    ...items(pod, "status", "containerStatuses"),
  ];
  for (const status of statuses) {
    const message = text(status, "state", "terminated", "message");
    const exitCode = count(status, "state", "terminated", "exitCode");
    if (message !== "") return message;
    if (text(status, "state", "terminated", "reason") === "OOMKilled") return "OOMKilled";
    if (exitCode !== 0)
      return `container "${text(status, "name")}" failed with exit code ${exitCode}`;
  }
  return text(pod, "status", "reason") || "failed";
}
