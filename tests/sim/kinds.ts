// The kinds the simulation writes, watches and checks. Not Leases: while they are watched they are written.

import type { KindRef } from "../../src/kubernetes/index.ts";

export const WIDGET: KindRef = { apiVersion: "sim.example.com/v1", kind: "Widget" };
export const WIDGETS = "widgets.sim.example.com";

const kindsOf = (apiVersion: string, ...kinds: readonly string[]): readonly KindRef[] =>
  kinds.map((kind) => ({ apiVersion, kind }));

export const KINDS: readonly KindRef[] = [
  ...kindsOf("v1", "Namespace", "Node", "Pod", "Service", "ConfigMap", "Secret", "ServiceAccount"),
  ...kindsOf("v1", "ResourceQuota", "Endpoints", "PersistentVolumeClaim", "PersistentVolume"),
  ...kindsOf(
    "apps/v1",
    "Deployment",
    "ReplicaSet",
    "StatefulSet",
    "DaemonSet",
    "ControllerRevision",
  ),
  ...kindsOf("batch/v1", "Job"),
  ...kindsOf("policy/v1", "PodDisruptionBudget"),
  ...kindsOf("discovery.k8s.io/v1", "EndpointSlice"),
  ...kindsOf("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
  WIDGET,
];
