// Vault's agents in an embedded cluster under virtual time: the webhook, the files' contents, and what happens to them when a value
// changes.

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { bootstrap, createCluster, type Cluster } from "../../src/cluster/index.ts";
import { behaviour } from "../../src/components/secrets/vault-injector/behaviour.ts";
import { vaultInjectorFiller } from "../../src/components/secrets/vault-injector/index.ts";
import { injecting } from "../../src/components/testing/definitions.ts";
import { emissionsOf, planEnvironment } from "../../src/components/testing/plan.ts";
import { createRng, createVirtualClock, type VirtualClock } from "../../src/core/index.ts";
import { createMemorySource } from "../../src/delivery/index.ts";
import {
  createInformerSet,
  runControllers,
  type KubernetesObject,
  type Pod,
} from "../../src/kubernetes/index.ts";
import type { BehaviourContext } from "../../src/model/index.ts";

const planned = planEnvironment(injecting, "prod");
const PATH = "citadel/prod/apps/gate/signing";

function deployment(): KubernetesObject {
  const found = emissionsOf(planned)
    .flatMap(({ emission }) => emission.objects ?? [])
    .find(({ object }) => object.kind === "Deployment" && object.metadata.name === "gate");
  const choice = planned.cluster.slots.find(({ key }) => key === "agents");
  if (found === undefined || choice === undefined || vaultInjectorFiller.family !== "slot")
    throw new Error("an app is deployed, and agents are asked for");
  const context = { ...planned, path: choice.path, sealed: {} };
  return vaultInjectorFiller.decorate?.(found.object, context, choice.options) ?? found.object;
}

interface Template {
  readonly metadata: {
    readonly annotations: Readonly<Record<string, string>>;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: Pod["spec"];
}

const templateOf = ({ spec }: KubernetesObject): Template =>
  (spec as { readonly template: Template }).template;

describe("agents in an embedded cluster", () => {
  let clock: VirtualClock;
  let cluster: Cluster;
  const kept = new Map<string, Record<string, string>>();
  let stop: () => void;
  let context: BehaviourContext;
  beforeAll(async () => {
    clock = createVirtualClock(Date.UTC(2026, 0, 1));
    cluster = createCluster({ name: "test", clock, rng: createRng("test") });
    await bootstrap(cluster);
    const metadata = { name: "gate" };
    await cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata });
    const rng = createRng("behaviours");
    const informers = createInformerSet({ api: cluster.api, clock, rng });
    context = {
      api: cluster.api,
      informer: informers.informer,
      clock,
      rng,
      git: createMemorySource(),
      charts: { render: () => undefined },
      connect: () => undefined,
      secretStore: { read: (path) => kept.get(path) },
    };
    for (const plugin of behaviour.admission?.(context) ?? [])
      cluster.context.admission.add(plugin);
    const factories = behaviour.controllers?.(context) ?? [];
    const running = runControllers(factories, { api: cluster.api, clock, rng, informers });
    running.start();
    stop = () => running.stop();
  });
  afterAll(() => stop());

  const podOf = (template: Template): KubernetesObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "gate-1", namespace: "gate", ...template.metadata },
    spec: template.spec,
  });

  const rendered = async (): Promise<string | undefined> => {
    const ref = { apiVersion: "v1", kind: "Secret", namespace: "gate", name: "vault-agent-gate" };
    const found = await cluster.api.get(ref).catch(() => undefined);
    const { "signing-0": value } = (found?.["data"] ?? {}) as Readonly<Record<string, string>>;
    return value === undefined ? undefined : Buffer.from(value, "base64").toString("utf8");
  };

  it("puts two containers and a folder into the pod, and waits for a value", async () => {
    const pod = (await cluster.api.create(podOf(templateOf(deployment())))) as unknown as Pod;
    expect(pod.spec.initContainers?.map(({ name }) => name)).toEqual(["vault-agent-init"]);
    expect(pod.spec.containers.map(({ name }) => name)).toEqual(["gate", "vault-agent"]);
    const [app] = pod.spec.containers;
    const mount = app?.volumeMounts?.find(({ mountPath }) => mountPath === "/etc/secrets/signing");
    const volume = pod.spec.volumes?.find(({ name }) => name === mount?.name);
    expect(volume?.secret?.items).toEqual([{ key: "signing-0", path: "KEY" }]);
    expect(pod.metadata.annotations?.["vault.hashicorp.com/agent-inject-status"]).toBe("injected");
    await clock.advanceBy(10_000);
    expect(await rendered()).toBeUndefined();
  });

  it("writes the file once the value is there, and again within five minutes of a change", async () => {
    kept.set(PATH, { KEY: "first" });
    await clock.advanceBy(2_000);
    expect(await rendered()).toBe("first");
    kept.set(PATH, { KEY: "second" });
    await clock.advanceBy(200_000);
    expect(await rendered()).toBe("first");
    await clock.advanceBy(101_000);
    expect(await rendered()).toBe("second");
  });

  it("keeps a pod that asks waiting while nobody answers the webhook", async () => {
    const [away] = behaviour.admissionWhileAway?.(context) ?? [];
    if (away === undefined) throw new Error("the webhook fails closed");
    const added = cluster.context.admission.add(away);
    const early = podOf(templateOf(deployment()));
    const asking = { ...early, metadata: { ...early.metadata, name: "early" } };
    await expect(cluster.api.create(asking)).rejects.toThrow(
      'failed calling webhook "vault.hashicorp.com"',
    );
    const { metadata, spec } = templateOf(deployment());
    const other = podOf({ metadata: { ...metadata, labels: {} }, spec });
    await cluster.api.create({ ...other, metadata: { ...other.metadata, name: "silent" } });
    added.remove();
    const ref = { apiVersion: "v1", kind: "Pod", namespace: "gate", name: "silent" };
    await cluster.api.delete(ref, { gracePeriodSeconds: 0 });
  });

  it("leaves pods alone that do not ask, and nothing behind when the last is gone", async () => {
    const { metadata, spec } = templateOf(deployment());
    const plain = podOf({ metadata: { ...metadata, annotations: {} }, spec });
    const other = { ...plain, metadata: { ...plain.metadata, name: "plain" } };
    const created = (await cluster.api.create(other)) as unknown as Pod;
    expect(created.spec.containers).toHaveLength(1);
    const ref = { apiVersion: "v1", kind: "Pod", namespace: "gate", name: "gate-1" };
    await cluster.api.delete(ref, { gracePeriodSeconds: 0 });
    await clock.advanceBy(2_000);
    expect(await rendered()).toBeUndefined();
  });
});
