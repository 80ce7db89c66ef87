// Inputs and expected results of kubernetes pkg/scheduler/framework/plugins/podtopologyspread/{filtering,scoring}_test.go
// @ v1.36.

import { describe, expect, test } from "vitest";
import { createSchedulingState } from "./scheduling-state.ts";
import type { SchedulingState } from "./scheduling-state.ts";
import type { Node } from "./node.ts";
import type { Pod, PodSpec, TopologySpreadConstraint } from "./pod.ts";
import { prepareSpread, scoreSpread } from "./topology-spread.ts";

const HOSTNAME = "kubernetes.io/hostname";

interface PodShape {
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly spec?: Partial<PodSpec>;
  readonly terminating?: boolean;
}

function pod(name: string, shape: PodShape = {}): Pod {
  const { labels = { foo: "" }, namespace = "default", spec, terminating = false } = shape;
  const deletion = terminating ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, uid: `${namespace}/${name}`, namespace, labels, ...deletion },
    spec: { containers: [], ...spec },
  };
}

/** `a:zone=z1` is a node with its hostname in `node` and in the well-known label. */
function nodesOf(text: string): readonly Node[] {
  return text.split(" ").map((part) => {
    const [name = "", pair = ""] = part.split(":");
    const [key = "", value = ""] = pair.split("=");
    const named = key === "bare" ? {} : { node: name, [HOSTNAME]: name };
    const labels = { ...named, ...(key === "" || key === "bare" ? {} : { [key]: value }) };
    return { apiVersion: "v1", kind: "Node", metadata: { name, labels } };
  });
}

/** `a=2 b=1`: matching pods on the nodes. */
function place(state: SchedulingState, counts: string, shape: PodShape = {}): void {
  for (const part of counts.split(" ").filter((one) => one !== "")) {
    const [node = "", count = "0"] = part.split("=");
    for (let index = 0; index < Number(count); index += 1) {
      state.setPod(pod(`${node}-${index}`, shape), node);
    }
  }
}

const constraint = (
  topologyKey: string,
  over: Partial<TopologySpreadConstraint> = {},
): TopologySpreadConstraint => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: "DoNotSchedule",
  labelSelector: { matchExpressions: [{ key: "foo", operator: "Exists" }] },
  ...over,
});
const selecting = (key: string): Partial<TopologySpreadConstraint> => ({
  labelSelector: { matchExpressions: [{ key, operator: "Exists" }] },
});

const ZONES = "a:zone=1 b:zone=1 x:zone=2 y:zone=2";
const HOSTS = "a b c d";

describe("hard constraints", () => {
  test.each<{
    name: string;
    nodes?: string;
    counts?: string;
    labels?: Readonly<Record<string, string>>;
    spec?: Partial<PodSpec>;
    constraints: readonly TopologySpreadConstraint[];
    /** One letter per node: `f`its, `s`kewed, `l`abel missing. */
    want: string;
  }>([
    { name: "no existing pods", constraints: [constraint("zone")], want: "ffff" },
    {
      name: "no existing pods, pod does not match itself",
      constraints: [constraint("zone", selecting("bar"))],
      want: "ffff",
    },
    {
      name: "pods spread across zones as 3/3",
      counts: "a=2 b=1 y=3",
      constraints: [constraint("zone")],
      want: "ffff",
    },
    {
      name: "1/2, as node b has no zone",
      nodes: "a:zone=1 b:zon=1 x:zone=2 y:zone=2",
      counts: "a=1 b=1 x=1 y=1",
      constraints: [constraint("zone")],
      want: "flss",
    },
    { name: "no node has the label", constraints: [constraint("rack")], want: "llll" },
    {
      name: "across nodes as 2/1/0/3",
      counts: "a=2 b=1 y=3",
      constraints: [constraint("node")],
      want: "ssfs",
    },
    {
      name: "across nodes as 2/1/0/3, maxSkew 2",
      counts: "a=2 b=1 y=3",
      constraints: [constraint("node", { maxSkew: 2 })],
      want: "sffs",
    },
    {
      name: "2/1/0/3, pod does not match itself",
      counts: "a=2 b=1 y=3",
      labels: { bar: "" },
      constraints: [constraint("node")],
      want: "sffs",
    },
    {
      name: "node affinity leaves 2/~1~/~0~/3",
      counts: "a=2 b=1 y=3",
      spec: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: "node", operator: "In", values: ["a", "y"] }] },
              ],
            },
          },
        },
      },
      constraints: [constraint("node")],
      want: "fffs",
    },
    {
      name: "zone and node, [3/3, 2/1/0/3]",
      counts: "a=2 b=1 y=3",
      constraints: [constraint("zone"), constraint("node")],
      want: "ssfs",
    },
    {
      name: "minDomains above the number of domains",
      counts: "a=1 x=1",
      constraints: [constraint("zone", { minDomains: 3 })],
      want: "ssss",
    },
    {
      name: "minDomains met",
      counts: "a=1 x=1",
      constraints: [constraint("zone", { minDomains: 2 })],
      want: "ffff",
    },
    {
      name: "a node without the other key does not count",
      nodes: "a:zone=1 b:rack=1 x:zone=2 y:zone=2",
      counts: "a=1 x=1 y=1",
      constraints: [constraint("zone"), constraint("node")],
      want: "flss",
    },
  ])("$name", ({ nodes = ZONES, counts = "", labels, spec, constraints, want }) => {
    const state = createSchedulingState(nodesOf(nodes));
    place(state, counts);
    const incoming = pod("p", {
      ...(labels === undefined ? {} : { labels }),
      spec: { ...spec, topologySpreadConstraints: constraints },
    });
    const check = prepareSpread(incoming, state);
    expect(state.nodes.map((node) => check?.(node)[0]).join("")).toBe(want);
  });

  test("pods of other namespaces and pods that are being deleted do not count", () => {
    const state = createSchedulingState(nodesOf(ZONES));
    state.setPod(pod("a1", { namespace: "ns1" }), "a");
    state.setPod(pod("a2", { terminating: true }), "a");
    place(state, "x=1 y=1");
    const spec = { topologySpreadConstraints: [constraint("zone")] };
    const check = prepareSpread(pod("p", { spec }), state);
    expect(state.nodes.map((node) => check?.(node)[0]).join("")).toBe("ffss");
  });

  test("matchLabelKeys narrows the count to pods of the same value", () => {
    const state = createSchedulingState(nodesOf(ZONES));
    place(state, "a=1", { labels: { foo: "", hash: "1" } });
    place(state, "x=1", { labels: { foo: "", hash: "2" } });
    const spec = { topologySpreadConstraints: [constraint("zone", { matchLabelKeys: ["hash"] })] };
    const check = prepareSpread(pod("p", { labels: { foo: "", hash: "2" }, spec }), state);
    expect(state.nodes.map((node) => check?.(node)[0]).join("")).toBe("ffss");
  });
});

describe("soft constraints score", () => {
  const soft = (
    key: string,
    over: Partial<TopologySpreadConstraint> = {},
  ): TopologySpreadConstraint => constraint(key, { whenUnsatisfiable: "ScheduleAnyway", ...over });
  const noSelector = (): TopologySpreadConstraint => {
    const { labelSelector: _none, ...rest } = soft(HOSTNAME);
    return rest;
  };
  test.each([
    {
      name: "no existing pods",
      nodes: "a b",
      counts: "",
      constraints: [soft(HOSTNAME)],
      want: [100, 100],
    },
    {
      name: "only one candidate",
      nodes: "a b",
      candidates: "a",
      counts: "a=2 b=1",
      constraints: [soft(HOSTNAME)],
      want: [100],
    },
    {
      name: "the same number everywhere",
      nodes: "a b",
      counts: "a=1 b=1",
      constraints: [soft(HOSTNAME)],
      want: [100, 100],
    },
    {
      name: "2/1/0/3",
      nodes: HOSTS,
      counts: "a=2 b=1 d=3",
      constraints: [soft(HOSTNAME)],
      want: [20, 60, 100, 0],
    },
    {
      name: "null selector",
      nodes: HOSTS,
      counts: "a=2 b=1 d=3",
      constraints: [noSelector()],
      want: [100, 100, 100, 100],
    },
    {
      name: "2/1/0/3, maxSkew 2",
      nodes: HOSTS,
      counts: "a=2 b=1 d=3",
      constraints: [soft(HOSTNAME, { maxSkew: 2 })],
      want: [33, 66, 100, 16],
    },
    {
      name: "4/3/2/1, maxSkew 3",
      nodes: HOSTS,
      counts: "a=4 b=3 c=2 d=1",
      constraints: [soft(HOSTNAME, { maxSkew: 3 })],
      want: [44, 66, 77, 100],
    },
    {
      name: "4/2/1/~3~",
      nodes: "a b x y",
      candidates: "a b x",
      counts: "a=4 b=2 x=1 y=3",
      constraints: [soft(HOSTNAME)],
      want: [33, 83, 100],
    },
    {
      name: "4/?2?/1/~3~",
      nodes: "a b:bare x y",
      candidates: "a b x",
      counts: "a=4 b=2 x=1 y=3",
      constraints: [soft(HOSTNAME)],
      want: [16, 0, 100],
    },
    {
      name: "zones 4+2/1+~3~",
      nodes: ZONES,
      candidates: "a b x",
      counts: "a=4 b=2 x=1 y=3",
      constraints: [soft("zone")],
      want: [75, 75, 100],
    },
  ])("$name", ({ nodes, candidates, counts, constraints, want }) => {
    const state = createSchedulingState(nodesOf(nodes));
    place(state, counts);
    const wanted = candidates?.split(" ");
    const chosen = state.nodes.filter(({ name }) => wanted?.includes(name) ?? true);
    const incoming = pod("p", { spec: { topologySpreadConstraints: constraints } });
    expect(scoreSpread(incoming, chosen, state)).toEqual(want);
  });

  test("the pods of one controller spread by default, as with one constraint of skew 3", () => {
    const state = createSchedulingState(nodesOf(HOSTS));
    const owned = (one: Pod): Pod => ({
      ...one,
      metadata: {
        ...one.metadata,
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "ReplicaSet", name: "r", uid: "r", controller: true },
        ],
      },
    });
    for (const [node, count] of [
      ["a", 4],
      ["b", 3],
      ["c", 2],
      ["d", 1],
    ] as const) {
      for (let index = 0; index < count; index += 1) {
        state.setPod(owned(pod(`${node}-${index}`)), node);
      }
    }
    expect(scoreSpread(owned(pod("p")), state.nodes, state)).toEqual([44, 66, 77, 100]);
    expect(scoreSpread(pod("alone"), state.nodes, state)).toBeUndefined();
  });
});
