import { describe, expect, it } from "vitest";

import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import type { Workload } from "../../src/model/index.ts";
import { renderedWorkloads } from "./rendered-workloads.ts";
import { workloadDifferences } from "./surface-differences.ts";

const labels = { app: "lamp" };

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "lamp" },
  spec: {
    replicas: 2,
    template: {
      metadata: { labels: { ...labels, chart: "lamp-1" } },
      spec: {
        serviceAccountName: "lamp",
        containers: [
          {
            name: "lamp",
            image: "docker.io/example/lamp:1@sha256:00ff",
            ports: [{ name: "https", containerPort: 8443 }],
            resources: { requests: { cpu: "0.1", memory: "64Mi" }, limits: { memory: "64Mi" } },
          },
        ],
      },
    },
  },
};

const OBJECTS: readonly KubernetesObject[] = [
  deployment,
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "lamp" },
    spec: { selector: labels, ports: [{ port: 443, targetPort: "https" }] },
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "lamp" },
    roleRef: { kind: "ClusterRole", name: "lamp" },
    subjects: [{ kind: "ServiceAccount", name: "lamp", namespace: "light" }],
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "lamp" },
    webhooks: [{ clientConfig: { service: { name: "lamp", namespace: "light" } } }],
  },
];

const said: Workload = {
  kind: "Deployment",
  namespace: "light",
  name: "lamp",
  labels,
  serviceAccount: "lamp",
  replicas: 2,
  ports: [{ name: "https", port: 8443, protocol: "TCP" }],
  services: [
    { name: "lamp", type: "ClusterIP", ports: [{ name: "https", port: 443, targetPort: 8443 }] },
  ],
  containers: [
    {
      name: "lamp",
      image: "example/lamp:1",
      requests: { cpu: "100m", memory: "64Mi" },
      limits: { memory: "64Mi" },
    },
  ],
  usesApi: true,
  webhookPort: 8443,
  component: "lamp",
  origin: [],
};

describe("a surface and its chart", () => {
  const [found] = renderedWorkloads(OBJECTS, { namespace: "light" });

  it.each<{ name: string; change: Partial<Workload>; words: readonly string[] }>([
    { name: "agree", change: {}, words: [] },
    { name: "replicas", change: { replicas: 1 }, words: ["replicas"] },
    { name: "an account", change: { serviceAccount: "x" }, words: ["service account"] },
    { name: "a label", change: { labels: { app: "x" } }, words: ["label app"] },
    { name: "no port", change: { ports: [] }, words: ["missing in the surface"] },
    { name: "rules", change: { usesApi: false }, words: ["calls the API"] },
    {
      name: "a container's memory",
      change: {
        containers: said.containers.map((one) => ({ ...one, limits: { memory: "65Mi" } })),
      },
      words: ["lamp limits memory"],
    },
    {
      name: "a Service",
      change: { services: said.services.map((one) => ({ ...one, name: "other" })) },
      words: ["Service other"],
    },
    { name: "the webhook", change: { webhookPort: 9443 }, words: ["webhook"] },
  ])("differ by $name", ({ change, words }) => {
    if (found === undefined) throw new Error("the chart runs nothing");
    const differences = workloadDifferences({ ...said, ...change }, found, OBJECTS);
    expect(differences).toHaveLength(words.length);
    expect(differences.join()).toContain(words.join());
  });
});
