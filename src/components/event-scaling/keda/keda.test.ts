// An app with signals is scaled by KEDA alone; one without keeps its plain autoscaler.

import { describe, expect, it } from "vitest";

import { keda, metricsServer } from "../../index.ts";
import { harbour, observatory } from "../../testing/definitions.ts";
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

  it.each([
    {
      name: "a latency aims at seconds, whatever the number of replicas",
      signal: { kind: "latency", query: "max(rq_job_wait_seconds)", target: "30s" },
      want: [
        {
          type: "prometheus",
          metricType: "Value",
          metadata: { query: "max(rq_job_wait_seconds)", threshold: "30" },
        },
      ],
    },
    {
      name: "a week is a window for every run of equal hours above the floor, Sunday night included",
      signal: {
        kind: "week",
        perReplica: 10,
        ahead: "30m",
        timeZone: "Europe/Berlin",
        load: Array.from({ length: 168 }, (_, hour) => (hour === 0 || hour >= 166 ? 500 : 10)),
      },
      want: [
        {
          type: "cron",
          metadata: {
            timezone: "Europe/Berlin",
            start: "30 21 * * 0",
            end: "0 1 * * 1",
            desiredReplicas: "8",
          },
        },
      ],
    },
  ] as const)("$name", ({ signal, want }) => {
    const scale = { ...telescope.scale, signals: [signal] };
    const definition = {
      ...observatory,
      apps: { ...observatory.apps, telescope: { ...telescope, scale } },
    };
    const found = emissionsOf(planEnvironment(definition, "prod"))
      .flatMap(({ emission }) => emission.objects ?? [])
      .find(({ object }) => object.kind === "ScaledObject");
    const cpu = { type: "cpu" };
    expect(found?.object["spec"]).toMatchObject({ triggers: [cpu, ...want] });
  });

  it("a week of another length is found", () => {
    const signals = [{ kind: "week", load: [1, 2, 3], perReplica: 1 }];
    const scale = { ...telescope.scale, signals };
    const apps = { ...observatory.apps, telescope: { ...telescope, scale } };
    expect(codes({ apps })).toContain("model/contradiction");
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

const storefront = harbour.apps?.["storefront"] ?? { image: "" };
const waiting = [
  { kind: "queue", queue: "mail", perReplica: 20 },
  { kind: "list", cache: "sessions", list: "rq:queue:default", perReplica: 5 },
] as const;

describe.each([
  {
    environment: "dev",
    at: "storefront waits on servers of the cluster",
    queue: "http://elasticmq.messaging.svc:9324",
    to: "workload",
  },
  {
    environment: "prod",
    at: "storefront waits on managed ones",
    queue: "https://sqs.eu-central-1.amazonaws.com",
    to: "external",
  },
])("$at", ({ environment, queue, to }) => {
  const environments = {
    [environment]: { ...harbour.environments[environment], scale: "highly-available" },
  };
  const definition = {
    ...harbour,
    environments: { ...harbour.environments, ...environments },
    caches: { sessions: { use: ["sessions"], replicas: 0 } },
    eventScaling: keda(),
    resourceMetrics: metricsServer(),
    apps: { ...harbour.apps, storefront: { ...storefront, scale: { signals: waiting } } },
  };
  const plan = planEnvironment(definition, environment);
  const emitted = emissionsOf(plan)
    .flatMap(({ emission }) => emission.objects ?? [])
    .map(({ object }) => object);

  it("asks the queue and the list with the app's own credentials", () => {
    const scaled = emitted.find(({ kind }) => kind === "ScaledObject");
    expect(scaled?.["spec"]).toMatchObject({
      triggers: [
        { type: "cpu" },
        {
          type: "aws-sqs-queue",
          metadata: {
            awsEndpoint: queue,
            queueLength: "20",
            queueURL: expect.stringContaining("mail"),
          },
          authenticationRef: { name: "storefront-mail" },
        },
        {
          type: "redis",
          metadata: { address: expect.stringMatching(/:6379$/), listName: "rq:queue:default" },
          authenticationRef: { name: "storefront-sessions" },
        },
      ],
    });
    const keys = emitted
      .filter(({ kind }) => kind === "TriggerAuthentication")
      .map(({ spec }) => (spec as { secretTargetRef: { parameter: string }[] }).secretTargetRef)
      .map((references) => references.map(({ parameter }) => parameter));
    expect(keys).toEqual([["awsAccessKeyID", "awsSecretAccessKey"], ["password"]]);
  });

  it("may reach both", () => {
    const flows = plan.graph.flows.filter(({ name }) =>
      /^keda-operator-to-(cache|queue)-/.test(name),
    );
    expect(flows.map((flow) => `${flow.name} ${flow.to.kind}`)).toEqual([
      `keda-operator-to-cache-sessions ${to}`,
      `keda-operator-to-queue-mail ${to}`,
    ]);
  });

  it("is refused where the app does not need what it waits on", () => {
    const apps = { mailer: { image: "ghcr.io/example/mailer:1.0.0", scale: { signals: waiting } } };
    const found = findings({ ...definition, apps }, environment).map(({ code }) => code);
    expect(found.filter((code) => code === "app/signal-not-needed")).toHaveLength(2);
  });
});
