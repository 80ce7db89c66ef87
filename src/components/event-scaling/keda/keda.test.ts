// An app with signals is scaled by KEDA alone; one without keeps its plain autoscaler.

import { describe, expect, it } from "vitest";

import { observatory } from "../../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../../testing/plan.ts";

const planned = planEnvironment(observatory, "prod");
const objects = emissionsOf(planned)
  .flatMap(({ emission }) => emission.objects ?? [])
  .map(({ object }) => object);

const telescope = observatory.apps?.["telescope"] ?? { image: "" };

function codes(change: object, environment = "prod"): readonly string[] {
  const entries = Object.entries({ ...observatory, ...change });
  const definition = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  return findings(definition, environment).map(({ code }) => code);
}

describe("signals", () => {
  it("become triggers beside CPU, within the app's bounds", () => {
    expect(objects.find(({ kind }) => kind === "ScaledObject")).toMatchObject({
      metadata: { name: "telescope", namespace: "telescope" },
      spec: {
        scaleTargetRef: { name: "telescope" },
        pollingInterval: 30,
        minReplicaCount: 2,
        maxReplicaCount: 8,
        triggers: [
          { type: "cpu", metricType: "Utilization", metadata: { value: "70" } },
          {
            type: "prometheus",
            metadata: {
              serverAddress: expect.stringMatching(/^http:.*:9090$/),
              query: "sum(telescope_waiting)",
              threshold: "20",
            },
          },
          { type: "cron", metadata: { timezone: "Etc/UTC", desiredReplicas: "4" } },
        ],
      },
    });
  });

  it("leave the app no second autoscaler, and its replicas to KEDA", () => {
    expect(objects.filter(({ kind }) => kind === "HorizontalPodAutoscaler")).toEqual([]);
    const owned = planned.cluster.ownedFields.filter(({ name }) => name === "telescope");
    expect(owned).toHaveLength(1);
  });

  it("are asked for over an allowed flow", () => {
    const flows = planned.graph.flows.filter(
      ({ from }) => from.kind === "workload" && from.name === "keda-operator",
    );
    expect(flows.map(({ to }) => to)).toContainEqual(
      expect.objectContaining({ name: "prometheus-prometheus" }),
    );
  });

  it.each([
    { name: "without a scaler", change: { eventScaling: undefined }, code: "scaler" },
    {
      name: "nobody measures",
      change: { metrics: undefined, dashboards: undefined },
      code: "metrics",
    },
  ])("$name are refused", ({ change, code }) => {
    expect(codes(change)).toContain(`app/signals-need-${code}`);
    expect(codes({})).toEqual([]);
  });

  it("are refused of an app released in two versions", () => {
    const apps = { telescope: { ...telescope, release: { kind: "blue-green" } } };
    expect(codes({ apps })).toContain("app/signals-without-rolling");
  });

  it("do nothing where there is one pod of everything", () => {
    expect(codes({ eventScaling: undefined }, "dev")).toEqual([]);
  });
});
