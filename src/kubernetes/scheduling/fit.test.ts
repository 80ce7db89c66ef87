import { describe, expect, test } from "vitest";
import { formatMisfits, schedulingFit } from "./index.ts";
import { createSchedulingState } from "./scheduling-state.ts";
import type { Node } from "./node.ts";
import type { Pod, PodSpec } from "./pod.ts";

const ZONE = "topology.kubernetes.io/zone";

function node(name: string, over: Partial<Node["spec"]> = {}, cpu = "4"): Node {
  const labels = { "kubernetes.io/hostname": name, [ZONE]: name.slice(-1) };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    spec: over,
    status: { allocatable: { cpu, memory: "8Gi", pods: "3" } },
  };
}

function pod(name: string, spec: Partial<PodSpec> = {}, labels: Record<string, string> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", uid: name, labels },
    spec: { containers: [{ name: "c", image: "i" }], ...spec },
  };
}

const requests = (cpu: string, memory?: string): Partial<PodSpec> => ({
  containers: [{ name: "c", resources: { requests: { cpu, ...(memory ? { memory } : {}) } } }],
});
const antiAffinity = (label: string): Partial<PodSpec> => ({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { g: label } } },
      ],
    },
  },
});

interface Case {
  readonly name: string;
  readonly nodes?: readonly Node[];
  /** Pods already placed, with the node they are on. */
  readonly placed?: readonly (readonly [Pod, string])[];
  readonly pod: Pod;
  readonly fits?: readonly string[];
  readonly message?: string;
}

const THREE = [node("node-a"), node("node-b"), node("node-c")];
const NOT_HELPFUL = "Preemption is not helpful for scheduling";
const NO_VICTIMS = "No preemption victims found for incoming pod";
const explained = (reasons: string, preemption: string): string =>
  `0/3 nodes are available: ${reasons}. no new claims to deallocate, preemption: 0/3 nodes are available: ${preemption}.`;

const CASES: readonly Case[] = [
  {
    name: "a pod without wishes fits everywhere",
    pod: pod("p"),
    fits: ["node-a", "node-b", "node-c"],
  },
  {
    name: "more than any node has, of two resources and an unknown one",
    pod: pod("p", {
      containers: [
        {
          name: "c",
          resources: {
            requests: { cpu: "100", memory: "100Gi" },
            limits: { "example.com/gpu": "1" },
          },
        },
      ],
    }),
    message: explained(
      "3 Insufficient cpu, 3 Insufficient example.com/gpu, 3 Insufficient memory",
      `3 ${NOT_HELPFUL}`,
    ),
  },
  {
    name: "what other pods request counts, and removing them could help",
    placed: [
      [pod("a", requests("3")), "node-a"],
      [pod("b", requests("3500m")), "node-b"],
      [pod("c", requests("4")), "node-c"],
    ],
    pod: pod("p", requests("1001m")),
    message: explained("3 Insufficient cpu", `3 ${NO_VICTIMS}`),
  },
  {
    name: "the number of pods is limited",
    placed: ["1", "2", "3"].map((name) => [pod(name), "node-a"] as const),
    pod: pod("p"),
    fits: ["node-b", "node-c"],
  },
  {
    name: "nodeSelector",
    pod: pod("p", { nodeSelector: { disk: "ssd" } }),
    message: explained("3 node(s) didn't match Pod's node affinity/selector", `3 ${NOT_HELPFUL}`),
  },
  {
    name: "required node affinity",
    pod: pod("p", {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: ZONE, operator: "NotIn", values: ["b"] }] },
            ],
          },
        },
      },
    }),
    fits: ["node-a", "node-c"],
  },
  {
    name: "matchFields names the node, as for daemon pods",
    pod: pod("p", {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchFields: [{ key: "metadata.name", operator: "In", values: ["node-c"] }] },
            ],
          },
        },
      },
    }),
    fits: ["node-c"],
  },
  {
    name: "taints, cordons and tolerations",
    nodes: [
      node("node-a", { taints: [{ key: "out", effect: "NoSchedule" }] }),
      node("node-b", { unschedulable: true }),
      node("node-c", { taints: [{ key: "soft", effect: "PreferNoSchedule" }] }),
    ],
    pod: pod("p"),
    fits: ["node-c"],
  },
  {
    name: "a toleration with Exists lets the pod in",
    nodes: [node("node-a", { taints: [{ key: "out", value: "x", effect: "NoExecute" }] })],
    pod: pod("p", { tolerations: [{ key: "out", operator: "Exists" }] }),
    fits: ["node-a"],
  },
  {
    name: "host ports collide across addresses",
    placed: [
      [
        pod("x", {
          containers: [
            { name: "c", ports: [{ containerPort: 80, hostPort: 80, hostIP: "127.0.0.1" }] },
          ],
        }),
        "node-a",
      ],
    ],
    pod: pod("p", { containers: [{ name: "c", ports: [{ containerPort: 80, hostPort: 80 }] }] }),
    fits: ["node-b", "node-c"],
  },
  {
    name: "anti-affinity by host name with more pods than nodes",
    placed: ["node-a", "node-b", "node-c"].map(
      (name) => [pod(name, antiAffinity("x"), { g: "x" }), name] as const,
    ),
    pod: pod("p", antiAffinity("x"), { g: "x" }),
    message: explained("3 node(s) didn't match pod anti-affinity rules", `3 ${NO_VICTIMS}`),
  },
  {
    name: "the anti-affinity of a placed pod keeps a pod without rules away",
    placed: [[pod("a", antiAffinity("x"), { g: "y" }), "node-a"]],
    pod: pod("p", {}, { g: "x" }),
    fits: ["node-b", "node-c"],
  },
  {
    name: "affinity follows a matching pod to its zone",
    placed: [[pod("a", {}, { app: "db" }), "node-b"]],
    pod: pod("p", {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: ZONE, labelSelector: { matchLabels: { app: "db" } } },
          ],
        },
      },
    }),
    fits: ["node-b"],
  },
  {
    name: "the first pod of a group that wants its own kind may start anywhere",
    pod: pod(
      "p",
      {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: ZONE, labelSelector: { matchLabels: { app: "g" } } },
            ],
          },
        },
      },
      { app: "g" },
    ),
    fits: ["node-a", "node-b", "node-c"],
  },
  {
    name: "hard topology spread with one zone allowed",
    placed: [[pod("a", {}, { g: "y" }), "node-a"]],
    pod: pod(
      "p",
      {
        nodeSelector: { [ZONE]: "a" },
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: ZONE,
            whenUnsatisfiable: "DoNotSchedule",
            nodeAffinityPolicy: "Ignore",
            labelSelector: { matchLabels: { g: "y" } },
          },
        ],
      },
      { g: "y" },
    ),
    message: explained(
      "1 node(s) didn't match pod topology spread constraints, 2 node(s) didn't match Pod's node affinity/selector",
      `1 ${NO_VICTIMS}, 2 ${NOT_HELPFUL}`,
    ),
  },
  {
    name: "hard topology spread honours node affinity by default",
    placed: [[pod("a", {}, { g: "y" }), "node-a"]],
    pod: pod(
      "p",
      {
        nodeSelector: { [ZONE]: "a" },
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: ZONE,
            whenUnsatisfiable: "DoNotSchedule",
            labelSelector: { matchLabels: { g: "y" } },
          },
        ],
      },
      { g: "y" },
    ),
    fits: ["node-a"],
  },
];

describe("schedulingFit", () => {
  test.each(CASES)("$name", ({ nodes = THREE, placed = [], pod: wanted, fits, message }) => {
    const state = createSchedulingState(nodes);
    for (const [existing, nodeName] of placed) state.setPod(existing, nodeName);
    const answer = schedulingFit(wanted, state);
    expect(answer.fits).toEqual(fits ?? []);
    if (message !== undefined) {
      expect(formatMisfits(answer.misfits, { preemption: "tried" })).toBe(message);
    }
  });

  test("a removed pod gives back what it held, also in the counts", () => {
    const state = createSchedulingState(THREE);
    const wanted = pod("p", { ...antiAffinity("x"), ...requests("3") }, { g: "x" });
    for (const name of ["node-a", "node-b", "node-c"]) {
      state.setPod(pod(name, { ...antiAffinity("x"), ...requests("3") }, { g: "x" }), name);
    }
    expect(schedulingFit(wanted, state).fits).toEqual([]);
    state.removePod("node-b");
    expect(schedulingFit(wanted, state).fits).toEqual(["node-b"]);
  });

  test("a terminating pod keeps its resources and repels until it is gone", () => {
    const state = createSchedulingState([node("node-a")]);
    const old = pod("old", { ...antiAffinity("x"), ...requests("3") }, { g: "x" });
    state.setPod(old, "node-a");
    const terminating = {
      ...old,
      metadata: { ...old.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
    };
    state.setPod(terminating, "node-a");
    expect(schedulingFit(pod("small", antiAffinity("x"), { g: "x" }), state).fits).toEqual([]);
    expect(schedulingFit(pod("large", requests("2"), {}), state).fits).toEqual([]);
  });

  test("a changed node label moves the counts", () => {
    const state = createSchedulingState(THREE);
    state.setPod(pod("a", {}, { app: "db" }), "node-b");
    const wanted = pod("p", {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: ZONE, labelSelector: { matchLabels: { app: "db" } } },
          ],
        },
      },
    });
    expect(schedulingFit(wanted, state).fits).toEqual(["node-b"]);
    const moved = node("node-b");
    state.setNode({ ...moved, metadata: { name: "node-b", labels: { [ZONE]: "c" } } });
    expect(schedulingFit(wanted, state).fits).toEqual(["node-b", "node-c"]);
  });
});
