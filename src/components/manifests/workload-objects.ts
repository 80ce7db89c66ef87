// Deployment, StatefulSet, CronJob, Services and ServiceAccount of a workload, as plain objects.

import type { KubernetesObject } from "../../kubernetes/index.ts";
import type { Workload } from "../../model/index.ts";
import { describedLabels } from "./labels.ts";
import type { Fields } from "./pod-template.ts";

/** Metadata shared by everything that carries the workload's own name. */
export function metadataOf(
  platform: string,
  workload: Workload,
  name: string = workload.name,
): KubernetesObject["metadata"] {
  return { name, namespace: workload.namespace, labels: describedLabels(platform, workload) };
}

/** Never mounts its token by itself: a pod that calls the API says so in its own spec. */
export function serviceAccountOf(platform: string, workload: Workload): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: metadataOf(platform, workload, workload.serviceAccount),
    automountServiceAccountToken: false,
  };
}

/** `spec` is everything but selector and template. */
export function deploymentOf(
  platform: string,
  workload: Workload,
  spec: Fields,
  template: Fields,
): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(platform, workload),
    spec: { ...spec, selector: { matchLabels: workload.labels }, template },
  };
}

export function statefulSetOf(
  platform: string,
  workload: Workload,
  spec: Fields,
  template: Fields,
): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: metadataOf(platform, workload),
    spec: {
      replicas: workload.replicas,
      ...spec,
      selector: { matchLabels: workload.labels },
      template,
    },
  };
}

/** All Services of the surface; named target ports where the port has a name on the pod. */
export function servicesOf(platform: string, workload: Workload): KubernetesObject[] {
  return workload.services.map((service) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(platform, workload, service.name),
    spec: {
      ...(service.type === "LoadBalancer" ? { type: "LoadBalancer" } : {}),
      ...(service.allowFrom === undefined ? {} : onlyFrom(service.allowFrom)),
      ...(service.type === "Headless" ? { clusterIP: "None" } : {}),
      selector: workload.labels,
      ports: service.ports.map((port) => ({
        name: port.name,
        port: port.port,
        targetPort: nameOfPort(workload, port.targetPort),
        protocol: "TCP",
      })),
    },
  }));
}

/** Local: the client's own address arrives, which policies and the app then see. */
function onlyFrom(ranges: readonly string[]): Fields {
  return { loadBalancerSourceRanges: ranges, externalTrafficPolicy: "Local" };
}

function nameOfPort(workload: Workload, targetPort: number): string | number {
  return workload.ports.find(({ port }) => port === targetPort)?.name ?? targetPort;
}
