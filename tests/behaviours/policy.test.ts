// One list of rules, two who enforce it: the same objects are refused with the same words by the API server's own policies and by
// Gatekeeper, and Gatekeeper's audit finds what was there before.

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createEmbeddedCluster, type EmbeddedCluster } from "../../src/cluster/index.ts";
import { registry } from "../../src/components/index.ts";
import { ENVIRONMENTS, harbour } from "../../src/components/testing/definitions.ts";
import { emissionsOf, planEnvironment } from "../../src/components/testing/plan.ts";
import { createRng, createVirtualClock, type VirtualClock } from "../../src/core/index.ts";
import { createMemorySource } from "../../src/delivery/index.ts";
import {
  createInformerSet,
  crdObjects,
  runControllers,
  StatusError,
  type KubernetesObject,
} from "../../src/kubernetes/index.ts";
import type { AnySlotFiller, BehaviourContext } from "../../src/model/index.ts";

type Fields = Readonly<Record<string, unknown>>;

const FILLERS = ["validating-admission-policies", "gatekeeper"];

let clock: VirtualClock;
let cluster: EmbeddedCluster;
let stop: () => void;

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

function fillerNamed(name: string): AnySlotFiller {
  const found = registry.components.find((one) => one.family === "slot" && one.name === name);
  if (found?.family !== "slot") throw new Error(`no filler ${name}`);
  return found;
}

async function start(filler: string): Promise<void> {
  clock = createVirtualClock(Date.UTC(2026, 0, 1));
  cluster = createEmbeddedCluster({ name: "test", clock, rng: createRng("test"), nodes: [] });
  await cluster.start();
  const component = fillerNamed(filler);
  for (const facts of (await component.crds?.()) ?? []) {
    for (const definition of crdObjects(facts)) await cluster.api.create(definition);
  }
  await cluster.api.create(namespace("shop", { "keelson.dev/tenancy": "app" }));
  await cluster.api.create(namespace("open", { "keelson.dev/tenancy": "app" }));
  await cluster.api.create(namespace("ours", { "keelson.dev/tenancy": "platform" }));
  await cluster.api.create(defaultDeny("shop"));
  await cluster.api.create(
    deployment({ metadata: { name: "old", namespace: "shop", labels: {} } }),
  );
  await act(component);
  for (const object of policyObjects(filler)) await cluster.api.create(object);
}

function policyObjects(filler: string): KubernetesObject[] {
  const definition = { ...harbour, policy: { kind: filler } };
  const emitted = emissionsOf(planEnvironment(definition, "dev"));
  return emitted
    .filter(({ component }) => component === filler)
    .flatMap(({ emission }) => emission.objects ?? [])
    .map(({ object }) => object);
}

async function act(component: AnySlotFiller): Promise<void> {
  const behaviour = await component.behaviour?.();
  const rng = createRng("behaviours");
  const informers = createInformerSet({ api: cluster.api, clock, rng });
  const context: BehaviourContext = {
    api: cluster.api,
    informer: informers.informer,
    clock,
    rng,
    git: createMemorySource(),
    charts: { render: () => undefined },
    connect: () => undefined,
  };
  for (const plugin of behaviour?.admission?.(context) ?? []) {
    cluster.context.admission.add(plugin);
  }
  const factories = behaviour?.controllers?.(context) ?? [];
  const running = runControllers(factories, { api: cluster.api, clock, rng, informers });
  running.start();
  stop = () => {
    running.stop();
    cluster.stop();
  };
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

const LABELS = { "app.kubernetes.io/name": "web", "app.kubernetes.io/part-of": "harbour" };

interface Changes {
  readonly metadata?: Partial<KubernetesObject["metadata"]>;
  readonly container?: Fields;
  readonly pod?: Fields;
}

function deployment({ metadata, container, pod }: Changes): KubernetesObject {
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

const CASES: readonly {
  readonly name: string;
  readonly object: KubernetesObject;
  readonly rule?: string;
  readonly says?: string;
}[] = [
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
      container: { securityContext: { ...CONTAINER.securityContext, privileged: true } },
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

/** Undefined when the write is let through. */
async function refusal(object: KubernetesObject): Promise<string | undefined> {
  try {
    await cluster.api.create(object, { dryRun: true });
    return undefined;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return error.message;
  }
}

describe.each(FILLERS)("%s", (filler) => {
  beforeAll(() => start(filler));
  afterAll(() => stop());

  it.each(CASES)("judges $name", async ({ object, rule, says = "" }) => {
    const message = await refusal(object);
    if (rule === undefined) expect(message).toBeUndefined();
    else {
      expect(message).toContain(`harbour-${rule}`);
      expect(message).toContain(says);
    }
  });
});

describe("gatekeeper", () => {
  beforeAll(() => start("gatekeeper"));
  afterAll(() => stop());

  it("finds what was there before, and sees it mended", async () => {
    await clock.advanceBy(61_000);
    const ref = {
      apiVersion: "constraints.gatekeeper.sh/v1beta1",
      kind: "KeelsonRequiredLabels",
      name: "harbour-required-labels",
    };
    const found = await cluster.api.get(ref);
    expect(found["status"]).toMatchObject({
      totalViolations: 1,
      violations: [
        {
          enforcementAction: "deny",
          kind: "Deployment",
          name: "old",
          namespace: "shop",
          message:
            "Deployment old lacks the labels app.kubernetes.io/name, app.kubernetes.io/part-of",
        },
      ],
    });
    const mended = { apiVersion: "apps/v1", kind: "Deployment", name: "old", namespace: "shop" };
    await cluster.api.patch(mended, { type: "merge", body: { metadata: { labels: LABELS } } });
    await clock.advanceBy(60_000);
    expect((await cluster.api.get(ref))["status"]).toMatchObject({ totalViolations: 0 });
  });

  it("says of its templates that their kinds are there", async () => {
    await clock.advanceBy(1000);
    const template = { apiVersion: "templates.gatekeeper.sh/v1", kind: "ConstraintTemplate" };
    const { items } = await cluster.api.list(template);
    expect(items.length).toBeGreaterThan(8);
    for (const { status } of items) expect(status).toMatchObject({ created: true });
  });
});

it("has a policy for every rule on every cluster", () => {
  for (const [, definition, environment] of ENVIRONMENTS) {
    const planned = planEnvironment({ ...definition, policy: { kind: "gatekeeper" } }, environment);
    const kinds = emissionsOf(planned)
      .filter(({ component }) => component === "gatekeeper")
      .flatMap(({ emission }) => (emission.objects ?? []).map(({ object }) => object.kind));
    expect(kinds.filter((kind) => kind === "ConstraintTemplate")).toHaveLength(11);
  }
});
