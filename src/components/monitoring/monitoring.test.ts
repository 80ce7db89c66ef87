// What is scraped, shown and kept follows from the graph and from what systems offer each other.

import { describe, expect, it } from "vitest";

import { observatory } from "../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../testing/plan.ts";
import { scrapeTargets } from "./scrape-targets.ts";

const planned = planEnvironment(observatory, "prod");
const objects = emissionsOf(planned).flatMap(({ emission }) => emission.objects ?? []);
const charts = emissionsOf(planned).flatMap(({ emission }) => emission.charts ?? []);
const named = (name: string) => charts.find((chart) => chart.name === name)?.values;

describe("metrics", () => {
  it("are scraped from every workload that has some, and by one monitor each", () => {
    const measured = planned.cluster.workloads.filter(
      ({ metrics, collectsMetrics }) => metrics !== undefined && collectsMetrics !== true,
    );
    expect(scrapeTargets(planned).map(({ workload }) => workload.name)).toEqual(
      measured.map(({ name }) => name),
    );
    const monitors = objects
      .filter(({ object }) => object.kind === "PodMonitor")
      .map(({ object }) => `${object.metadata.namespace}/${object.metadata.name}`);
    expect(monitors).toContain("telescope/telescope");
    expect(monitors).toEqual([...new Set(monitors)]);
  });

  it("are kept on volumes and written away where the environment is highly available", () => {
    expect(named("prometheus")).toMatchObject({
      prometheus: {
        prometheusSpec: {
          replicas: 2,
          storageSpec: { volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"] } } },
          remoteWrite: [{ url: "https://metrics.example.com/api/v1/write" }],
        },
      },
    });
  });

  it("may not vanish with a pod in such an environment", () => {
    const metrics = { kind: "prometheus-operator", storage: false } as const;
    const found = findings({ ...observatory, metrics }, "prod").map(({ code }) => code);
    expect(found).toContain("metrics/volatile-store");
    expect(findings({ ...observatory, metrics }, "dev")).toEqual([]);
  });
});

describe("traces", () => {
  it("may not vanish with a pod either", () => {
    const traces = { kind: "jaeger", storage: false } as const;
    const found = findings({ ...observatory, traces }, "prod").map(({ code }) => code);
    expect(found).toContain("traces/volatile-store");
    expect(findings({ ...observatory, traces }, "dev")).toEqual([]);
  });
});

describe("logs", () => {
  it("are not read where nothing keeps them", () => {
    const { logs: _logs, ...without } = observatory;
    expect(findings(without, "dev").map(({ code }) => code)).toContain("logs/nowhere-to-ship");
    expect(findings(observatory, "dev")).toEqual([]);
  });

  it("are not kept of a cluster beside the one that keeps them, which is said", () => {
    const environments = { prod: { clusters: ["sky", "try"], scale: "highly-available" } };
    const found = findings({ ...observatory, environments }, "prod");
    expect(found.map(({ code, message }) => [code, message])).toContainEqual([
      "logs/sink-elsewhere",
      "loki runs on the primary cluster alone, so fluent-bit is not installed on try and its logs are not kept",
    ]);
    expect(found.filter(({ code }) => code === "logs/sink-elsewhere")).toHaveLength(1);
  });
});

describe("alerts", () => {
  it("that nobody judges are told of where they are stated", () => {
    const { metrics: _metrics, dashboards: _dashboards, ...without } = observatory;
    const found = findings(without, "dev").filter(
      ({ code }) => code === "plan/alerts-without-owner",
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      severity: "warning",
      path: ["backup", "nightly"],
      hint: "add metrics: prometheus, or metrics: prometheus-operator to the definition",
    });
  });

  it("are written once, by who judges them", () => {
    const rules = objects.filter(({ object }) => object.kind === "PrometheusRule");
    expect(JSON.stringify(rules)).toContain("ClusterBackupMissed");
    expect(rules).toHaveLength(1);
  });
});

describe("telemetry", () => {
  it("is sent by apps to the collector, and by it to who keeps traces", () => {
    const ends = planned.graph.flows.filter(({ application }) => application === "otlp");
    expect(ends.map(({ name }) => name)).toEqual([
      "otel-collector-to-jaeger",
      "telescope-to-otel-collector",
    ]);
  });
});

describe("dashboards", () => {
  it("ask everything of the cluster that answers, and may reach it", () => {
    expect(named("grafana")).toMatchObject({
      datasources: {
        "datasources.yaml": {
          datasources: [
            { type: "prometheus", uid: "prometheus-operator-prometheus", isDefault: true },
            { type: "loki", url: "http://loki.monitoring.svc:3100", isDefault: false },
            { type: "jaeger", url: "http://jaeger.monitoring.svc:16686", isDefault: false },
          ],
        },
      },
    });
    const ends = planned.graph.flows
      .filter(({ from }) => from.kind === "workload" && from.name === "grafana")
      .flatMap(({ to, purpose }) =>
        to.kind === "workload" && purpose === "internal" ? [to.name] : [],
      );
    expect(ends).toEqual(["jaeger", "loki", "prometheus-prometheus"]);
  });

  it("know only what is there", () => {
    const { traces: _traces, ...without } = observatory;
    const values = emissionsOf(planEnvironment(without, "prod"))
      .flatMap(({ emission }) => emission.charts ?? [])
      .find(({ name }) => name === "grafana")?.values;
    expect(JSON.stringify(values)).not.toContain("jaeger");
  });
});
