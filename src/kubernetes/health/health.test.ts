import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../object.ts";
import { healthOf, worstHealth } from "./health.ts";

type Row = readonly [
  name: string,
  expected: string,
  fields: { readonly metadata?: object; readonly spec?: object; readonly status?: object },
];

const condition = (type: string, status: string, reason = "", message = ""): object => ({
  type,
  status,
  reason,
  message,
});
const conditions = (...list: readonly object[]): object => ({ conditions: list });

function suite(apiVersion: string, kind: string, rows: readonly Row[]): void {
  describe(`${apiVersion} ${kind}`, () => {
    it.each(rows)("%s: %s", (_, expected, fields) => {
      const metadata = { name: "x", generation: 2, ...fields.metadata };
      const object = { apiVersion, kind, ...fields, metadata } as KubernetesObject;
      expect(healthOf(object).status).toBe(expected);
    });
  });
}

const rolledOut = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
suite("apps/v1", "Deployment", [
  ["rolled out", "Healthy", { spec: { replicas: 3 }, status: rolledOut }],
  ["paused", "Suspended", { spec: { replicas: 3, paused: true }, status: rolledOut }],
  ["no status yet", "Progressing", { spec: { replicas: 3 } }],
  [
    "unseen spec",
    "Progressing",
    { spec: { replicas: 3 }, status: { ...rolledOut, observedGeneration: 1 } },
  ],
  [
    "not all updated",
    "Progressing",
    { spec: { replicas: 3 }, status: { ...rolledOut, updatedReplicas: 2 } },
  ],
  [
    "old ones left",
    "Progressing",
    { spec: { replicas: 3 }, status: { ...rolledOut, replicas: 4 } },
  ],
  [
    "not available",
    "Progressing",
    { spec: { replicas: 3 }, status: { ...rolledOut, availableReplicas: 2 } },
  ],
  ["scaled to zero", "Healthy", { spec: { replicas: 0 }, status: { observedGeneration: 2 } }],
  [
    "deadline exceeded",
    "Degraded",
    {
      spec: { replicas: 3 },
      status: {
        observedGeneration: 2,
        ...conditions(condition("Progressing", "False", "ProgressDeadlineExceeded")),
      },
    },
  ],
  [
    "being deleted",
    "Progressing",
    { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" }, status: rolledOut },
  ],
]);

const settled = {
  observedGeneration: 2,
  readyReplicas: 3,
  updatedReplicas: 3,
  currentRevision: "b",
  updateRevision: "b",
};
suite("apps/v1", "StatefulSet", [
  ["settled", "Healthy", { spec: { replicas: 3 }, status: settled }],
  ["no status", "Progressing", { spec: { replicas: 3 }, status: {} }],
  ["not ready", "Progressing", { spec: { replicas: 3 }, status: { ...settled, readyReplicas: 2 } }],
  [
    "rolling",
    "Progressing",
    { spec: { replicas: 3 }, status: { ...settled, currentRevision: "a" } },
  ],
  [
    "on delete",
    "Healthy",
    {
      spec: { replicas: 3, updateStrategy: { type: "OnDelete" } },
      status: { ...settled, currentRevision: "a" },
    },
  ],
  [
    "partition reached",
    "Healthy",
    {
      spec: {
        replicas: 3,
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } },
      },
      status: { ...settled, currentRevision: "a", updatedReplicas: 1 },
    },
  ],
  [
    "partition not reached",
    "Progressing",
    {
      spec: {
        replicas: 3,
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } },
      },
      status: { ...settled, currentRevision: "a", updatedReplicas: 1 },
    },
  ],
]);

const spread = {
  observedGeneration: 2,
  desiredNumberScheduled: 3,
  updatedNumberScheduled: 3,
  numberAvailable: 3,
};
suite("apps/v1", "DaemonSet", [
  ["everywhere", "Healthy", { status: spread }],
  ["updating", "Progressing", { status: { ...spread, updatedNumberScheduled: 1 } }],
  ["unavailable", "Progressing", { status: { ...spread, numberAvailable: 1 } }],
  [
    "on delete",
    "Healthy",
    {
      spec: { updateStrategy: { type: "OnDelete" } },
      status: { ...spread, updatedNumberScheduled: 1 },
    },
  ],
  ["unseen", "Progressing", { status: { ...spread, observedGeneration: 1 } }],
]);

suite("apps/v1", "ReplicaSet", [
  [
    "available",
    "Healthy",
    { spec: { replicas: 1 }, status: { observedGeneration: 2, availableReplicas: 1 } },
  ],
  [
    "too few",
    "Progressing",
    { spec: { replicas: 2 }, status: { observedGeneration: 2, availableReplicas: 1 } },
  ],
  [
    "cannot create",
    "Degraded",
    {
      status: {
        observedGeneration: 2,
        ...conditions(condition("ReplicaFailure", "True", "FailedCreate")),
      },
    },
  ],
]);

const waiting = (reason: string): object => [{ name: "c", state: { waiting: { reason } } }];
suite("v1", "Pod", [
  ["ready", "Healthy", { status: { phase: "Running", ...conditions(condition("Ready", "True")) } }],
  ["not ready", "Progressing", { status: { phase: "Running" } }],
  [
    "crashed and not ready",
    "Degraded",
    {
      status: {
        phase: "Running",
        containerStatuses: [{ name: "c", lastState: { terminated: { exitCode: 1 } } }],
      },
    },
  ],
  ["pending", "Progressing", { status: { phase: "Pending" } }],
  [
    "creating",
    "Progressing",
    { status: { phase: "Pending", containerStatuses: waiting("ContainerCreating") } },
  ],
  [
    "no image",
    "Degraded",
    { status: { phase: "Pending", containerStatuses: waiting("ImagePullBackOff") } },
  ],
  [
    "pull error",
    "Degraded",
    { status: { phase: "Pending", containerStatuses: waiting("ErrImagePull") } },
  ],
  [
    "bad config",
    "Degraded",
    { status: { phase: "Pending", containerStatuses: waiting("CreateContainerConfigError") } },
  ],
  [
    "init crash loop",
    "Degraded",
    { status: { phase: "Pending", initContainerStatuses: waiting("CrashLoopBackOff") } },
  ],
  [
    "finite pods may retry a pull",
    "Progressing",
    {
      spec: { restartPolicy: "Never" },
      status: { phase: "Pending", containerStatuses: waiting("ImagePullBackOff") },
    },
  ],
  [
    "finite pods progress while ready",
    "Progressing",
    {
      spec: { restartPolicy: "OnFailure" },
      status: { phase: "Running", ...conditions(condition("Ready", "True")) },
    },
  ],
  ["succeeded", "Healthy", { spec: { restartPolicy: "Never" }, status: { phase: "Succeeded" } }],
  ["failed", "Degraded", { spec: { restartPolicy: "Never" }, status: { phase: "Failed" } }],
  ["no phase", "Unknown", {}],
]);

suite("batch/v1", "Job", [
  ["running", "Progressing", { status: {} }],
  ["complete", "Healthy", { status: conditions(condition("Complete", "True")) }],
  [
    "failed",
    "Degraded",
    { status: conditions(condition("Failed", "True", "BackoffLimitExceeded")) },
  ],
  ["suspended", "Suspended", { status: conditions(condition("Suspended", "True")) }],
]);
suite("batch/v1", "CronJob", [
  ["scheduled", "Healthy", { spec: { schedule: "@daily" } }],
  ["suspended", "Suspended", { spec: { suspend: true } }],
]);

const addressed = { loadBalancer: { ingress: [{ ip: "172.18.255.200" }] } };
suite("v1", "Service", [
  ["cluster IP", "Healthy", { spec: { type: "ClusterIP" } }],
  ["no address", "Progressing", { spec: { type: "LoadBalancer" }, status: { loadBalancer: {} } }],
  ["addressed", "Healthy", { spec: { type: "LoadBalancer" }, status: addressed }],
]);
suite("networking.k8s.io/v1", "Ingress", [
  ["no address", "Progressing", {}],
  ["addressed", "Healthy", { status: addressed }],
]);
suite("metallb.io/v1beta1", "IPAddressPool", [
  ["plain", "Healthy", {}],
  ["full", "Healthy", { status: { availableIPv4: 0, assignedIPv4: 51 } }],
]);
suite("v1", "PersistentVolumeClaim", [
  ["bound", "Healthy", { status: { phase: "Bound" } }],
  ["pending", "Progressing", { status: { phase: "Pending" } }],
  ["lost", "Degraded", { status: { phase: "Lost" } }],
  ["new", "Unknown", {}],
]);
suite("v1", "Namespace", [
  ["active", "Healthy", { status: { phase: "Active" } }],
  ["terminating", "Progressing", { status: { phase: "Terminating" } }],
]);
suite("v1", "Node", [
  ["ready", "Healthy", { status: conditions(condition("Ready", "True")) }],
  ["not ready", "Degraded", { status: conditions(condition("Ready", "False")) }],
  ["lost", "Progressing", { status: conditions(condition("Ready", "Unknown")) }],
]);
suite("apiextensions.k8s.io/v1", "CustomResourceDefinition", [
  ["new", "Progressing", {}],
  [
    "established",
    "Healthy",
    { status: conditions(condition("NamesAccepted", "True"), condition("Established", "True")) },
  ],
  ["names taken", "Degraded", { status: conditions(condition("NamesAccepted", "False")) }],
  [
    "installing",
    "Progressing",
    { status: conditions(condition("Established", "False", "Installing")) },
  ],
  ["refused", "Degraded", { status: conditions(condition("Established", "False", "NotAccepted")) }],
  [
    "terminating",
    "Progressing",
    { status: conditions(condition("Established", "True"), condition("Terminating", "True")) },
  ],
]);
suite("policy/v1", "PodDisruptionBudget", [
  ["new", "Progressing", {}],
  [
    "enough",
    "Healthy",
    { status: conditions(condition("DisruptionAllowed", "True", "SufficientPods")) },
  ],
  [
    "too few",
    "Healthy",
    { status: conditions(condition("DisruptionAllowed", "False", "InsufficientPods")) },
  ],
  [
    "broken",
    "Degraded",
    { status: conditions(condition("DisruptionAllowed", "False", "SyncFailed")) },
  ],
]);
suite("autoscaling/v2", "HorizontalPodAutoscaler", [
  ["new", "Progressing", {}],
  [
    "in range",
    "Healthy",
    {
      status: conditions(
        condition("AbleToScale", "True", "ReadyForNewScale"),
        condition("ScalingLimited", "False", "DesiredWithinRange"),
      ),
    },
  ],
  [
    "no metrics",
    "Degraded",
    { status: conditions(condition("ScalingActive", "False", "FailedGetResourceMetric")) },
  ],
]);
suite("autoscaling/v1", "HorizontalPodAutoscaler", [
  [
    "conditions in an annotation",
    "Healthy",
    {
      metadata: {
        annotations: {
          "autoscaling.alpha.kubernetes.io/conditions":
            '[{"type":"ScalingLimited","reason":"DesiredWithinRange"}]',
        },
      },
    },
  ],
]);

const synced = { sync: { status: "Synced" }, health: { status: "Healthy" } };
suite("argoproj.io/v1alpha1", "Application", [
  ["new", "Progressing", {}],
  ["synced and healthy", "Healthy", { status: synced }],
  [
    "healthy but out of sync",
    "Progressing",
    { status: { ...synced, sync: { status: "OutOfSync" } } },
  ],
  ["syncing", "Progressing", { status: { ...synced, operationState: { phase: "Running" } } }],
  ["sync failed", "Degraded", { status: { ...synced, operationState: { phase: "Failed" } } }],
  ["its own word", "Missing", { status: { ...synced, health: { status: "Missing" } } }],
]);
suite("argoproj.io/v1alpha1", "Rollout", [
  ["unseen", "Progressing", { status: { phase: "Healthy", observedGeneration: "1" } }],
  ["healthy", "Healthy", { status: { phase: "Healthy", observedGeneration: "2" } }],
  ["paused between steps", "Suspended", { status: { phase: "Paused", observedGeneration: "2" } }],
  ["aborted", "Degraded", { status: { phase: "Degraded", observedGeneration: "2" } }],
]);
suite("kustomize.toolkit.fluxcd.io/v1", "Kustomization", [
  ["new", "Progressing", {}],
  ["applied", "Healthy", { status: conditions(condition("Ready", "True")) }],
  [
    "waits for another",
    "Progressing",
    { status: conditions(condition("Ready", "False", "DependencyNotReady")) },
  ],
  ["cannot build", "Degraded", { status: conditions(condition("Ready", "False", "BuildFailed")) }],
  ["suspended", "Suspended", { spec: { suspend: true } }],
]);
suite("bitnami.com/v1alpha1", "SealedSecret", [
  ["new", "Progressing", {}],
  ["decrypted", "Healthy", { status: conditions(condition("Synced", "True")) }],
  [
    "no key",
    "Degraded",
    { status: conditions(condition("Synced", "False", "", "no key could decrypt secret")) },
  ],
]);
suite("cert-manager.io/v1", "Certificate", [
  ["issued", "Healthy", { status: conditions(condition("Ready", "True")) }],
  [
    "issuing",
    "Progressing",
    { status: conditions(condition("Ready", "False"), condition("Issuing", "True")) },
  ],
  ["failed", "Degraded", { status: conditions(condition("Ready", "False")) }],
]);
suite("velero.io/v1", "Backup", [
  ["running", "Progressing", { status: { phase: "InProgress" } }],
  ["done", "Healthy", { status: { phase: "Completed" } }],
  ["half", "Degraded", { status: { phase: "PartiallyFailed" } }],
]);

const parent = (...list: readonly object[]): object => ({
  parents: [{ parentRef: { name: "edge" }, conditions: list }],
});
suite("gateway.networking.k8s.io/v1", "HTTPRoute", [
  ["unattached", "Progressing", { status: { parents: [] } }],
  ["accepted", "Healthy", { status: parent(condition("Accepted", "True")) }],
  ["refused", "Degraded", { status: parent(condition("Accepted", "False")) }],
  [
    "no such backend",
    "Degraded",
    { status: parent(condition("Accepted", "True"), condition("ResolvedRefs", "False")) },
  ],
  [
    "about the last spec",
    "Progressing",
    { status: parent({ ...condition("Accepted", "True"), observedGeneration: 1 }) },
  ],
]);
suite("gateway.networking.k8s.io/v1", "Gateway", [
  ["new", "Progressing", {}],
  [
    "programmed",
    "Healthy",
    { status: conditions(condition("Accepted", "True"), condition("Programmed", "True")) },
  ],
  [
    "no address",
    "Progressing",
    { status: conditions(condition("Accepted", "True"), condition("Programmed", "False")) },
  ],
  ["refused", "Degraded", { status: conditions(condition("Accepted", "False")) }],
  [
    "a listener's certificate is missing",
    "Degraded",
    {
      status: {
        ...conditions(condition("Accepted", "True"), condition("Programmed", "True")),
        listeners: [{ name: "https", conditions: [condition("ResolvedRefs", "False")] }],
      },
    },
  ],
]);
suite("gateway.networking.k8s.io/v1", "GatewayClass", [
  ["unclaimed", "Progressing", { status: conditions(condition("Accepted", "Unknown", "Waiting")) }],
  ["accepted", "Healthy", { status: conditions(condition("Accepted", "True")) }],
]);

suite("example.com/v1", "Widget", [
  ["says nothing", "Healthy", {}],
  ["ready", "Healthy", { status: conditions(condition("Ready", "True")) }],
  ["not ready", "Progressing", { status: conditions(condition("Ready", "False")) }],
  [
    "stalled",
    "Degraded",
    { status: conditions(condition("Ready", "False"), condition("Stalled", "True")) },
  ],
  [
    "reconciling",
    "Progressing",
    { status: conditions(condition("Ready", "True"), condition("Reconciling", "True")) },
  ],
  [
    "unseen",
    "Progressing",
    { status: { observedGeneration: 1, ...conditions(condition("Ready", "True")) } },
  ],
  ["odd status", "Healthy", { status: { conditions: "none" } }],
]);
suite("v1", "ConfigMap", [["any", "Healthy", {}]]);

it("says what is missing and what blocks a deletion", () => {
  expect(healthOf(undefined)).toEqual({ status: "Missing", message: "not found" });
  const metadata = { name: "x", deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["a/b"] };
  expect(healthOf({ apiVersion: "v1", kind: "ConfigMap", metadata }).message).toBe(
    "pending deletion; blocked by finalizers: a/b",
  );
});

it.each([
  [[], "Healthy"],
  [["Healthy", "Suspended"], "Suspended"],
  [["Progressing", "Degraded", "Healthy"], "Degraded"],
  [["Degraded", "Missing"], "Degraded"],
] as const)("the worst of %j is %s", (statuses, worst) =>
  expect(worstHealth(statuses)).toBe(worst),
);
