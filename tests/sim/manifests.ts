// The objects the simulation creates.

import type { Rng } from "../../src/core/index.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import { WIDGET, WIDGETS } from "./kinds.ts";
import { pick } from "./swarm.ts";

interface Place {
  readonly namespace: string;
  readonly name: string;
}

export const namespace = (name: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});

function podTemplate(name: string, more: object = {}): object {
  const resources = { requests: { cpu: "100m", memory: "64Mi" } };
  const containers = [{ name: "main", image: "example/app:1", resources }];
  return { metadata: { labels: { app: name } }, spec: { containers, ...more } };
}

const selector = (name: string) => ({ matchLabels: { app: name } });

export function deployment(at: Place, rng: Rng): KubernetesObject {
  const app = `deployment-${at.name}`;
  const strategy = rng.below(3) === 0 ? { strategy: { type: "Recreate" } } : {};
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: at,
    spec: {
      replicas: rng.below(5),
      selector: selector(app),
      template: podTemplate(app),
      ...strategy,
    },
  };
}

export function statefulSet(at: Place, rng: Rng): KubernetesObject {
  const app = `stateful-set-${at.name}`;
  const podManagementPolicy = pick(["Parallel", "OrderedReady"], rng);
  const claims = [
    {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
  ];
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: at,
    spec: {
      replicas: rng.below(4),
      serviceName: at.name,
      podManagementPolicy,
      selector: selector(app),
      template: podTemplate(app),
      ...(rng.below(2) === 0 ? {} : { volumeClaimTemplates: claims }),
    },
  };
}

export function daemonSet(at: Place): KubernetesObject {
  const app = `daemon-set-${at.name}`;
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: at,
    spec: { selector: selector(app), template: podTemplate(app) },
  };
}

export function job(at: Place, rng: Rng): KubernetesObject {
  const annotations = {
    "simulation.keelson.dev/duration": `${1 + rng.below(60)}s`,
    "simulation.keelson.dev/exit-code": rng.below(4) === 0 ? "1" : "0",
  };
  const template = podTemplate(`job-${at.name}`, { restartPolicy: "Never" }) as {
    readonly metadata: object;
    readonly spec: object;
  };
  const metadata = { ...template.metadata, annotations };
  const completions = 1 + rng.below(3);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: at,
    spec: { completions, parallelism: 2, backoffLimit: 2, template: { ...template, metadata } },
  };
}

export function serviceSpec(rng: Rng): Readonly<Record<string, unknown>> {
  return { type: pick(["ClusterIP", "NodePort", "ClusterIP", "LoadBalancer"], rng) };
}

export function service(at: Place, rng: Rng): KubernetesObject {
  const headless = rng.below(4) === 0 ? { clusterIP: "None" } : serviceSpec(rng);
  const spec = { selector: { app: `deployment-${at.name}` }, ports: [{ port: 80 }], ...headless };
  return { apiVersion: "v1", kind: "Service", metadata: at, spec };
}

export function configMap(at: Place, rng: Rng): KubernetesObject {
  const data = { value: String(rng.below(5)), [pick(["x", "y", "z"], rng)]: "1" };
  return { apiVersion: "v1", kind: "ConfigMap", metadata: at, data };
}

export function quota(at: Place, rng: Rng): KubernetesObject {
  const hard = {
    pods: String(5 + rng.below(20)),
    configmaps: String(3 + rng.below(10)),
    services: "10",
    "count/deployments.apps": "5",
    "requests.cpu": "4",
  };
  return { apiVersion: "v1", kind: "ResourceQuota", metadata: at, spec: { hard } };
}

export function disruptionBudget(at: Place, rng: Rng): KubernetesObject {
  const spec = { selector: selector(`deployment-${at.name}`), maxUnavailable: rng.below(2) };
  return { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: at, spec };
}

export function widget(at: Place, rng: Rng): KubernetesObject {
  return { ...WIDGET, metadata: at, spec: { teeth: rng.below(50) } };
}

export function widgetDefinition(): KubernetesObject {
  const openAPIV3Schema = {
    type: "object",
    properties: {
      spec: { type: "object", properties: { teeth: { type: "integer", maximum: 100 } } },
    },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: WIDGETS },
    spec: {
      group: "sim.example.com",
      scope: "Namespaced",
      names: { plural: "widgets", singular: "widget", kind: WIDGET.kind },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
