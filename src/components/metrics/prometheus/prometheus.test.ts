// Prometheus without an operator scrapes what the operator's monitors scrape, judges the same alerts, and finds an Alertmanager.

import { describe, expect, it } from "vitest";

import { prometheus } from "../../index.ts";
import { observatory } from "../../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../../testing/plan.ts";

const plain = { ...observatory, metrics: prometheus({ remoteWrite: { host: "m.example.com" } }) };
const planned = planEnvironment(plain, "prod");
const objects = emissionsOf(planned)
  .filter(({ component }) => component === "prometheus")
  .flatMap(({ emission }) => emission.objects ?? [])
  .map(({ object }) => object);

interface ScrapeFile {
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly { readonly job_name: string }[];
  readonly remote_write: readonly object[];
}

function file<Content>(name: string): Content {
  const data = objects.flatMap((object) => Object.entries(Object(object["data"])));
  const [, text = ""] = data.find(([key]) => key === name) ?? [];
  return JSON.parse(String(text)) as Content;
}

describe("prometheus from plain files", () => {
  it("has a job for every target of the graph, and no other", () => {
    const { flows } = planned.graph;
    const targets = flows.flatMap(({ purpose, to }) =>
      purpose === "scrape" && to.kind === "workload" ? [`${to.namespace}/${to.name}`] : [],
    );
    const jobs = file<ScrapeFile>("prometheus.yml").scrape_configs.map(({ job_name }) => job_name);
    expect(jobs.toSorted()).toEqual([...new Set(targets)].toSorted());
    expect(jobs).toContain("telescope/telescope");
  });

  it("judges the alerts of the platform from a file beside it", () => {
    expect(file<ScrapeFile>("prometheus.yml").rule_files).toEqual(["rules.yml"]);
    const { groups } = file<{ groups: { rules: { alert: string }[] }[] }>("rules.yml");
    const names = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
    expect(names).toEqual(planned.cluster.alerts.map(({ name }) => name));
    expect(names.length).toBeGreaterThan(0);
  });

  it("keeps samples on a volume where highly available, and sends them on", () => {
    const server = objects.find(
      ({ kind, metadata }) => kind === "StatefulSet" && metadata.name === "prometheus",
    );
    expect(server?.["spec"]).toMatchObject({
      replicas: 2,
      volumeClaimTemplates: [{ spec: { resources: { requests: { storage: "50Gi" } } } }],
    });
    expect(file<ScrapeFile>("prometheus.yml").remote_write).toEqual([
      { url: "https://m.example.com/api/v1/write" },
    ]);
    const codes = findings({ ...plain, metrics: prometheus({ storage: false }) }, "prod");
    expect(codes.map(({ code }) => code)).toContain("metrics/volatile-store");
  });
});
