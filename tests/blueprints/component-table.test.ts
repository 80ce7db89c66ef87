// The document's table of what is there how often in production, read off the objects and values that are emitted.

import { describe, expect, it } from "vitest";

import { valueAt } from "../../src/core/index.ts";
import { compileBlueprint, shippedBlueprint } from "./shipped-blueprints.ts";

const { targets } = compileBlueprint(shippedBlueprint("greenfield"));
const prod = targets.find(({ cluster }) => cluster.target === "prod");
const spec = (kind: string, name?: string, at = "spec"): unknown =>
  prod?.objects.find(
    ({ object }) => object.kind === kind && (name === undefined || object.metadata.name === name),
  )?.object[at];
const values = (chart: string): unknown => prod?.charts.find(({ name }) => name === chart)?.values;
const number = (value: unknown, ...path: string[]): unknown => valueAt(value, path);

/** 004:321-336. */
const TABLE: readonly {
  readonly component: string;
  readonly want: unknown;
  readonly emitted: () => unknown;
}[] = [
  {
    component: "FastAPI, balanced",
    want: [2, 3],
    emitted: () => [
      number(spec("HorizontalPodAutoscaler", "fastapi"), "minReplicas"),
      number(spec("HorizontalPodAutoscaler", "fastapi"), "maxReplicas"),
    ],
  },
  {
    component: "Redis, one that writes, two that can take over",
    want: [3, 3],
    emitted: () => [
      number(spec("RedisReplication"), "clusterSize"),
      number(spec("RedisReplication"), "sentinel", "size"),
    ],
  },
  {
    component: "PostgreSQL, synchronous",
    want: [3, "any", 1],
    emitted: () => [
      number(spec("Cluster"), "instances"),
      number(spec("Cluster"), "postgresql", "synchronous", "method"),
      number(spec("Cluster"), "postgresql", "synchronous", "number"),
    ],
  },
  {
    component: "MongoDB, replica set",
    want: [3, "ReplicaSet"],
    emitted: () => [
      number(spec("MongoDBCommunity"), "members"),
      number(spec("MongoDBCommunity"), "type"),
    ],
  },
  {
    component: "Kafka, every partition three times",
    want: [3, 3, 2],
    emitted: () => [
      number(spec("KafkaNodePool"), "replicas"),
      number(spec("KafkaTopic"), "replicas"),
      Number(number(spec("Kafka"), "kafka", "config", "min.insync.replicas")),
    ],
  },
  {
    component: "the votes that were ZooKeeper's, in the brokers since Kafka 4",
    want: ["controller", "broker"],
    emitted: () => number(spec("KafkaNodePool"), "roles"),
  },
  {
    component: "OTel Collector, balanced",
    want: 2,
    emitted: () =>
      prod?.cluster.workloads.find(({ component }) => component === "otel-collector")?.replicas,
  },
  {
    component: "Prometheus, two that measure the same",
    want: 2,
    emitted: () => number(values("prometheus"), "prometheus", "prometheusSpec", "replicas"),
  },
  {
    component: "Grafana, one that comes back",
    want: 1,
    emitted: () => prod?.cluster.workloads.find(({ name }) => name === "grafana")?.replicas,
  },
];

describe("greenfield in production", () => {
  it.each(TABLE)("$component", ({ emitted, want }) => {
    expect(emitted()).toEqual(want);
  });

  it("counts a Prometheus and its twin as one to Alertmanager", () => {
    // Both send; alerts of equal labels are one, so replicas may not tell themselves apart in them.
    const external = number(values("prometheus"), "prometheus", "prometheusSpec", "externalLabels");
    expect(Object.keys(external as object).toSorted()).toEqual(["cluster", "platform"]);
  });
});
