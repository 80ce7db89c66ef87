// One list of rules, two who enforce it: the same objects are refused with the same words by the API server's own policies and by
// Gatekeeper, and Gatekeeper's audit finds what was there before.

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createEmbeddedCluster, type EmbeddedCluster } from "../../src/cluster/index.ts";
import { registry } from "../../src/components/index.ts";
import { ENVIRONMENTS } from "../../src/components/testing/definitions.ts";
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
import { CASES, deployment, LABELS, policyObjects, SURROUNDINGS } from "./policy-cases.ts";

const FILLERS = ["validating-admission-policies", "gatekeeper"];

let clock: VirtualClock;
let cluster: EmbeddedCluster;
let stop: () => void;

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
  for (const object of SURROUNDINGS) await cluster.api.create(object);
  await cluster.api.create(
    deployment({ metadata: { name: "old", namespace: "shop", labels: {} } }),
  );
  await act(component);
  for (const object of policyObjects(filler)) await cluster.api.create(object);
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
