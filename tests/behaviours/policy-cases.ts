// Objects and the one rule each of them breaks, if any: asked of the API server's own policies and of Gatekeeper in embedded
// clusters, and of Gatekeeper's real evaluators by `make conformance` (gator).

import { harbour } from "../../src/components/testing/definitions.ts";
import { emissionsOf, planEnvironment } from "../../src/components/testing/plan.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";

type Fields = Readonly<Record<string, unknown>>;

const namespace = (name: string, labels: Record<string, string>): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels },
});

const defaultDeny = (name: string, spec: Fields = {}): KubernetesObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "default-deny", namespace: name },
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ...spec },
});

/** Namespaces with the labels Keelson gives them, and the policy that one of them lacks. */
export const SURROUNDINGS: readonly KubernetesObject[] = [
  namespace("shop", { "keelson.dev/tenancy": "app" }),
  namespace("open", { "keelson.dev/tenancy": "app" }),
  namespace("half", { "keelson.dev/tenancy": "app" }),
  namespace("part", { "keelson.dev/tenancy": "app" }),
  namespace("ours", { "keelson.dev/tenancy": "platform" }),
  defaultDeny("shop"),
  defaultDeny("half", { policyTypes: ["Ingress"] }),
  defaultDeny("part", { podSelector: { matchLabels: { app: "other" } } }),
];

/** What the filler of the policy slot emits for the platform the cases live on. */
export function policyObjects(filler: string): KubernetesObject[] {
  const definition = { ...harbour, policy: { kind: filler } };
  const emitted = emissionsOf(planEnvironment(definition, "dev"));
  return emitted
    .filter(({ component }) => component === filler)
    .flatMap(({ emission }) => emission.objects ?? [])
    .map(({ object }) => object);
}

const CONTAINER = {
  name: "web",
  image: "ghcr.io/example/pricing:2.0.0",
  resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "64Mi" } },
  securityContext: {
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
  },
};

export const LABELS = { "app.kubernetes.io/name": "web", "app.kubernetes.io/part-of": "harbour" };

interface Changes {
  readonly metadata?: Partial<KubernetesObject["metadata"]>;
  readonly container?: Fields;
  readonly pod?: Fields;
}

export function deployment({ metadata, container, pod }: Changes): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", labels: LABELS, ...metadata },
    spec: {
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: {
          serviceAccountName: "web",
          containers: [{ ...CONTAINER, ...container }],
          ...pod,
        },
      },
    },
  };
}

function job(container: Fields): KubernetesObject {
  const spec = { restartPolicy: "Never", containers: [{ ...CONTAINER, ...container }] };
  const jobTemplate = { spec: { template: { spec: { ...spec, serviceAccountName: "web" } } } };
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "nightly", namespace: "shop", labels: LABELS },
    spec: { schedule: "0 3 * * *", jobTemplate },
  };
}

const service = (spec: Fields): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop" },
  spec: { ports: [{ port: 80 }], ...spec },
});

const role = (verbs: string[]): KubernetesObject => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "Role",
  metadata: { name: "reader", namespace: "shop" },
  rules: [{ apiGroups: [""], resources: ["pods"], verbs }],
});

const ROOT = { ...CONTAINER.securityContext, runAsNonRoot: false };

export interface PolicyCase {
  readonly name: string;
  readonly object: KubernetesObject;
  readonly rule?: string;
  readonly says?: string;
}

export const CASES: readonly PolicyCase[] = [
  { name: "a workload as Keelson emits it", object: deployment({}) },
  { name: "a job as Keelson emits it", object: job({}) },
  {
    name: "no labels",
    object: deployment({ metadata: { labels: { "app.kubernetes.io/name": "web" } } }),
    rule: "required-labels",
    says: "Deployment web lacks the labels app.kubernetes.io/part-of",
  },
  {
    name: "no limit",
    object: deployment({ container: { resources: { requests: { cpu: "1", memory: "1Gi" } } } }),
    rule: "resources-set",
    says: "Deployment web: web without requests for cpu and memory and a limit for memory",
  },
  {
    name: "a job without requests",
    object: job({ resources: {} }),
    rule: "resources-set",
    says: "CronJob nightly: web without requests for cpu and memory and a limit for memory",
  },
  {
    name: "root",
    object: deployment({ container: { securityContext: ROOT } }),
    rule: "non-root",
    says: "Deployment web: web may run as root: runAsNonRoot is not true",
  },
  {
    name: "root, though the pod says otherwise",
    object: deployment({
      container: { securityContext: ROOT },
      pod: { securityContext: { runAsNonRoot: true } },
    }),
    rule: "non-root",
    says: "Deployment web: web may run as root: runAsNonRoot is not true",
  },
  {
    name: "not root, as the pod says",
    object: deployment({
      container: { securityContext: { ...ROOT, runAsNonRoot: undefined } },
      pod: { securityContext: { runAsNonRoot: true } },
    }),
  },
  {
    name: "privileges",
    object: deployment({
      container: {
        securityContext: {
          ...CONTAINER.securityContext,
          allowPrivilegeEscalation: true,
          privileged: true,
        },
      },
    }),
    rule: "no-privileges",
    says: "Deployment web: web may gain privileges: drop ALL and forbid escalation",
  },
  {
    name: "an init container from elsewhere",
    object: deployment({
      pod: { initContainers: [{ ...CONTAINER, name: "init", image: "evil.example.com/x:1" }] },
    }),
    rule: "allowed-registries",
    says: "Deployment web: the image of init is from none of",
  },
  {
    name: "latest",
    object: deployment({ container: { image: "ghcr.io/example/pricing:latest" } }),
    rule: "pinned-images",
    says: "Deployment web: web without a version: name a tag other than latest, or a digest",
  },
  {
    name: "no tag behind a port",
    object: deployment({ container: { image: "localhost:5000/storefront" } }),
    rule: "pinned-images",
    says: "Deployment web: web without a version: name a tag other than latest, or a digest",
  },
  {
    name: "a digest",
    object: deployment({
      container: { image: `ghcr.io/example/pricing@sha256:${"0".repeat(64)}` },
    }),
  },
  {
    name: "the node's network",
    object: deployment({ pod: { hostNetwork: true } }),
    rule: "no-host-access",
    says: "Deployment web uses namespaces of its node",
  },
  {
    name: "a folder of the node",
    object: deployment({ pod: { volumes: [{ name: "v", hostPath: { path: "/" } }] } }),
    rule: "no-host-access",
    says: "Deployment web uses folders of its node",
  },
  {
    name: "the namespace's default account",
    object: deployment({ pod: { serviceAccountName: "default" } }),
    rule: "own-service-account",
    says: "Deployment web runs under the namespace's default account; give it its own",
  },
  {
    name: "a namespace without default deny",
    object: deployment({ metadata: { namespace: "open" } }),
    rule: "network-policy-present",
  },
  {
    name: "default deny in one direction",
    object: deployment({ metadata: { namespace: "half" } }),
    rule: "network-policy-present",
  },
  {
    name: "default deny of some pods",
    object: deployment({ metadata: { namespace: "part" } }),
    rule: "network-policy-present",
  },
  {
    name: "a Service open to the outside",
    object: service({ type: "NodePort" }),
    rule: "no-exposed-services",
    says: "Service web is open to the outside; use a route",
  },
  { name: "a Service inside", object: service({}) },
  {
    name: "a wildcard",
    object: role(["*"]),
    rule: "no-wildcard-rights",
    says: "Role reader grants with a wildcard; name verbs, groups and resources",
  },
  { name: "a right by name", object: role(["get"]) },
  {
    name: "anything in a namespace of the platform's",
    object: deployment({
      metadata: { namespace: "ours", labels: {} },
      container: { image: "x", resources: {}, securityContext: {} },
    }),
  },
];
