// Inputs and expected results of kubernetes pkg/scheduler/framework/plugins @ v1.35/v1.36:
// noderesources/{balanced_allocation,least_allocated}_test.go, tainttoleration, nodeaffinity, imagelocality and
// interpodaffinity/scoring_test.go.

import { describe, expect, test } from "vitest";
import { createSchedulingState, podNonZeroRequests, podRequests } from "../../kubernetes/index.ts";
import type { Affinity, Node, NodeState, Pod, PodSpec, Taint } from "../../kubernetes/index.ts";
import { imagePriority, normalizedImage, scoreImages } from "./image-score.ts";
import {
  balancedAllocation,
  leastAllocated,
  scoreNodeAffinity,
  scorePodAffinity,
  scoreTaints,
} from "./node-score.ts";

function pod(spec: Partial<PodSpec> = {}, over: Partial<Pod["metadata"]> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", uid: "p", namespace: "default", ...over },
    spec: { containers: [], ...spec },
  };
}

const asking = (cpu: string, memory: string): Partial<PodSpec> => ({
  containers: [{ name: "c", resources: { requests: { cpu, memory } } }],
});

function nodes(...list: readonly Partial<Node>[]): readonly Node[] {
  return list.map((node, index) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: `node${index + 1}` },
    ...node,
  }));
}

const sized = (milliCpu: number, memory: number): Partial<Node> => ({
  status: { allocatable: { cpu: `${milliCpu}m`, memory } },
});
const labelled = (name: string, labels: Readonly<Record<string, string>>): Partial<Node> => ({
  metadata: { name, labels },
});

const CPU_ONLY = asking("3000m", "0");
const CPU_AND_MEMORY = asking("3000m", "5000");

describe("balanced allocation", () => {
  test.each([
    {
      name: "nothing scheduled, differently sized nodes",
      wanted: CPU_AND_MEMORY,
      on: [sized(4000, 10_000), sized(6000, 10_000)],
      placed: [],
      want: [87, 100],
    },
    {
      name: "pods with resources",
      wanted: CPU_AND_MEMORY,
      on: [sized(10_000, 20_000), sized(10_000, 20_000)],
      placed: [CPU_ONLY, CPU_AND_MEMORY],
      want: [82, 95],
    },
    {
      name: "pods with resources, differently sized nodes",
      wanted: CPU_AND_MEMORY,
      on: [sized(10_000, 20_000), sized(10_000, 50_000)],
      placed: [CPU_ONLY, CPU_AND_MEMORY],
      want: [82, 80],
    },
    {
      name: "at the capacity",
      wanted: CPU_ONLY,
      on: [sized(6000, 10_000), sized(6000, 10_000)],
      placed: [CPU_ONLY, CPU_AND_MEMORY],
      want: [50, 75],
    },
    {
      name: "unbalanced nodes",
      wanted: CPU_AND_MEMORY,
      on: [sized(3500, 40_000), sized(3500, 40_000)],
      placed: [],
      want: [63, 63],
    },
  ])("$name", ({ wanted, on, placed, want }) => {
    const state = createSchedulingState(nodes(...on));
    for (const [index, spec] of placed.entries()) {
      state.setPod(pod(spec, { uid: `placed-${index}` }), `node${index + 1}`);
    }
    const requests = podRequests(pod(wanted).spec);
    expect(state.nodes.map((node) => balancedAllocation(requests, node))).toEqual(want);
  });
});

describe("least allocated", () => {
  test.each([
    {
      name: "nothing scheduled, differently sized nodes",
      wanted: CPU_AND_MEMORY,
      on: [sized(4000, 10_000), sized(6000, 10_000)],
      placed: [],
      want: [37, 50],
    },
    {
      name: "nothing asked, nothing scheduled",
      wanted: asking("0", "0"),
      on: [sized(4000, 10_000), sized(4000, 10_000)],
      placed: [],
      want: [100, 100],
    },
    {
      name: "pods with resources",
      wanted: CPU_AND_MEMORY,
      on: [sized(10_000, 20_000), sized(10_000, 20_000)],
      placed: [CPU_ONLY, CPU_AND_MEMORY],
      want: [57, 45],
    },
    {
      name: "more than the capacity scores nothing",
      wanted: CPU_ONLY,
      on: [sized(4000, 10_000), sized(4000, 10_000)],
      placed: [CPU_ONLY, CPU_AND_MEMORY],
      want: [50, 25],
    },
  ])("$name", ({ wanted, on, placed, want }) => {
    const state = createSchedulingState(nodes(...on));
    for (const [index, spec] of placed.entries()) {
      state.setPod(pod(spec, { uid: `placed-${index}` }), `node${index + 1}`);
    }
    expect(
      state.nodes.map((node) => leastAllocated(podNonZeroRequests(pod(wanted).spec), node)),
    ).toEqual(want);
  });

  test("a container without requests counts as 100m and 200Mi", () => {
    const state = createSchedulingState(nodes(sized(1000, 2000 * 1024 * 1024)));
    const [node] = state.nodes;
    expect(
      leastAllocated(
        podNonZeroRequests(pod({ containers: [{ name: "c" }] }).spec),
        node as NodeState,
      ),
    ).toBe(90);
  });
});

describe("taints", () => {
  const soft = (key: string, value: string): Taint => ({ key, value, effect: "PreferNoSchedule" });
  const hard = (key: string): Taint => ({ key, effect: "NoSchedule" });
  const tolerating = (key: string, value: string): Partial<PodSpec> => ({
    tolerations: [{ key, operator: "Equal", value, effect: "PreferNoSchedule" }],
  });
  test.each([
    {
      name: "one tolerated, one not",
      spec: tolerating("foo", "bar"),
      taints: [[soft("foo", "bar")], [soft("foo", "blah")]],
      want: [100, 0],
    },
    {
      name: "all tolerated",
      spec: { tolerations: [{ operator: "Exists" as const }] },
      taints: [[], [soft("a", "1")], [soft("a", "1"), soft("b", "2")]],
      want: [100, 100, 100],
    },
    {
      name: "more intolerable taints, lower score",
      spec: tolerating("foo", "bar"),
      taints: [[], [soft("a", "1")], [soft("a", "1"), soft("b", "2")]],
      want: [100, 50, 0],
    },
    {
      name: "only PreferNoSchedule counts",
      spec: {},
      taints: [[], [hard("a")], [soft("b", "1"), hard("a")]],
      want: [100, 100, 0],
    },
  ])("$name", ({ spec, taints, want }) => {
    const state = createSchedulingState(
      nodes(...taints.map((list) => ({ spec: { taints: list } }))),
    );
    expect(scoreTaints(pod(spec), state.nodes)).toEqual(want);
  });
});

describe("preferred node affinity", () => {
  const preferring = (
    ...terms: readonly (readonly [key: string, value: string, weight: number])[]
  ): Partial<PodSpec> => ({
    affinity: {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: terms.map(([key, value, weight]) => ({
          weight,
          preference: { matchExpressions: [{ key, operator: "In", values: [value] }] },
        })),
      },
    },
  });
  test.each([
    {
      name: "no preference",
      spec: {},
      labels: [{ foo: "bar" }, { key: "value" }],
      want: undefined,
    },
    {
      name: "no node matches",
      spec: preferring(["foo", "bar", 2]),
      labels: [{ at: "x" }, { key: "value" }],
      want: [0, 0],
    },
    {
      name: "one node matches",
      spec: preferring(["foo", "bar", 2]),
      labels: [{ foo: "bar" }, { key: "value" }],
      want: [100, 0],
    },
    {
      name: "weights add up",
      spec: preferring(["foo", "bar", 2], ["key", "value", 4]),
      labels: [{ foo: "bar" }, { key: "value" }, { foo: "bar", key: "value" }],
      want: [33, 66, 100],
    },
  ])("$name", ({ spec, labels, want }) => {
    const state = createSchedulingState(
      nodes(...labels.map((one, at) => labelled(`node${at + 1}`, one))),
    );
    expect(scoreNodeAffinity(pod(spec), state.nodes)).toEqual(want);
  });
});

describe("pod affinity", () => {
  const terms = (weight: number, topologyKey: string, label: string) => [
    {
      weight,
      podAffinityTerm: { topologyKey, labelSelector: { matchLabels: { security: label } } },
    },
  ];
  const affine = (affinity: Affinity): Partial<PodSpec> => ({ affinity });
  const likes = affine({
    podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: terms(5, "region", "S1") },
  });
  const avoids = affine({
    podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: terms(5, "region", "S1") },
  });
  const needs = affine({
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: "region", labelSelector: { matchLabels: { security: "S1" } } },
      ],
    },
  });
  const REGIONS = ["China", "India", "China"];
  test.each([
    {
      name: "nothing concerns the pod",
      spec: {},
      placed: [["", {}, "node1"]] as const,
      want: undefined,
    },
    {
      name: "nodes of the region score",
      spec: likes,
      placed: [["S1", {}, "node1"]] as const,
      want: [100, 0, 100],
    },
    {
      name: "anti-affinity turns it round",
      spec: avoids,
      placed: [["S1", {}, "node1"]] as const,
      want: [0, 100, 0],
    },
    {
      name: "terms of placed pods count",
      spec: {},
      placed: [["S2", likes, "node2"]] as const,
      want: [0, 100, 0],
    },
    {
      name: "so do required terms of placed pods",
      spec: {},
      placed: [["S2", needs, "node2"]] as const,
      want: [0, 100, 0],
    },
    {
      name: "and their anti-affinity",
      spec: {},
      placed: [["S2", avoids, "node2"]] as const,
      want: [100, 0, 100],
    },
    {
      name: "equal sums say nothing",
      spec: likes,
      placed: [
        ["S1", {}, "node1"],
        ["S1", {}, "node2"],
      ] as const,
      want: undefined,
    },
  ])("$name", ({ spec, placed, want }) => {
    const state = createSchedulingState(
      nodes(...REGIONS.map((region, at) => labelled(`node${at + 1}`, { region }))),
    );
    for (const [index, [security, of, node]] of placed.entries()) {
      state.setPod(pod(of, { uid: `placed-${index}`, labels: { security } }), node);
    }
    const incoming = pod(spec, { labels: { security: "S1" } });
    expect(scorePodAffinity(incoming, state.nodes, state)).toEqual(want);
  });
});

describe("images", () => {
  const MB = 1024 * 1024;
  const holding = (
    name: string,
    ...images: readonly (readonly [string, number])[]
  ): Partial<Node> => ({
    metadata: { name },
    status: { images: images.map(([image, size]) => ({ names: [image], sizeBytes: size * MB })) },
  });
  const running = (...images: readonly string[]): Partial<PodSpec> => ({
    containers: images.map((image, at) => ({ name: `c${at}`, image })),
  });
  const NODE_1 = holding(
    "node1",
    ["gcr.io/40:latest", 40],
    ["gcr.io/300:latest", 300],
    ["gcr.io/2000:latest", 2000],
  );
  const NODE_2 = holding("node2", ["gcr.io/250:latest", 250], ["gcr.io/10:v1", 10]);
  test.each([
    {
      name: "two images spread on two nodes, prefer the larger one",
      images: ["gcr.io/40", "gcr.io/250"],
      on: [NODE_1, NODE_2],
      want: [0, 5],
    },
    {
      name: "two images on one node, prefer it",
      images: ["gcr.io/40", "gcr.io/300"],
      on: [NODE_1, NODE_2],
      want: [7, 0],
    },
    {
      name: "if exceeds the limit, use the limit",
      images: ["gcr.io/2000"],
      on: [NODE_1, NODE_2],
      want: [100, 0],
    },
    {
      name: "with more nodes images count less",
      images: ["gcr.io/2000"],
      on: [NODE_1, NODE_2, holding("node3")],
      want: [65, 0, 0],
    },
    {
      name: "nobody has any image",
      images: ["gcr.io/40"],
      on: [holding("a"), holding("b")],
      want: [0, 0],
    },
  ])("$name", ({ images, on, want }) => {
    const state = createSchedulingState(nodes(...on));
    expect(scoreImages(pod(running(...images)), state.nodes, state.nodes)).toEqual(want);
  });

  test.each([
    { name: "without a tag", image: "root", want: "root:latest" },
    { name: "with a tag", image: "root:tag", want: "root:tag" },
    { name: "a port is no tag", image: "gcr.io:5000/root", want: "gcr.io:5000/root:latest" },
    { name: "with a digest", image: "root@sha256:abc", want: "root@sha256:abc" },
  ])("$name", ({ image, want }) => {
    expect(normalizedImage(image)).toBe(want);
  });

  test("below the threshold there is no score", () => {
    expect(imagePriority(0, 1)).toBe(0);
    expect(imagePriority(23 * MB, 1)).toBe(0);
  });
});
