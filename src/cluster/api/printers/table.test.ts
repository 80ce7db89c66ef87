import { describe, expect, it } from "vitest";

import { builtinKinds, kindsOfCrd } from "../../../kubernetes/index.ts";
import type { KindFacts, KubernetesObject } from "../../../kubernetes/index.ts";
import { humanDuration } from "./human-duration.ts";
import { parseJsonPath } from "./json-path.ts";
import { toTable } from "./table.ts";
import type { TableOptions } from "./table.ts";

const NOW = Date.parse("2026-01-02T00:00:00Z");
const OPTIONS: TableOptions = {
  now: NOW,
  includeObject: "None",
  version: "v1",
  metadata: { resourceVersion: "7" },
};

type Given = Readonly<Record<string, unknown>>;

function factsOf(apiVersion: string, kind: string): KindFacts {
  const facts = builtinKinds().find(apiVersion, kind);
  if (facts === undefined) throw new Error(`no kind ${apiVersion} ${kind}`);
  return facts;
}

function cellsOf(apiVersion: string, kind: string, given: Given): readonly unknown[] {
  const { metadata = {}, ...rest } = given;
  const object = {
    apiVersion,
    kind,
    ...rest,
    metadata: { name: "x", creationTimestamp: "2026-01-01T00:00:00Z", ...(metadata as object) },
  } as unknown as KubernetesObject;
  const { rows } = toTable([object], { facts: factsOf(apiVersion, kind) }, OPTIONS);
  return rows[0]?.cells ?? [];
}

describe("humanDuration", () => {
  it.each([
    [-5_000, "<invalid>"],
    [-1_500, "0s"],
    [0, "0s"],
    [119_000, "119s"],
    [120_000, "2m"],
    [130_000, "2m10s"],
    [10 * 60_000 + 5_000, "10m"],
    [179 * 60_000, "179m"],
    [180 * 60_000, "3h"],
    [7 * 3_600_000 + 59 * 60_000, "7h59m"],
    [47 * 3_600_000, "47h"],
    [48 * 3_600_000, "2d"],
    [75 * 3_600_000, "3d3h"],
    [8 * 86_400_000, "8d"],
    [729 * 86_400_000, "729d"],
    [731 * 86_400_000, "2y1d"],
    [9 * 365 * 86_400_000, "9y"],
  ])("%i ms is %s", (duration, text) => {
    expect(humanDuration(duration)).toBe(text);
  });
});

const POD_SPEC = { containers: [{ name: "c", image: "i:1" }] };
const running = { name: "c", ready: true, restartCount: 0, state: { running: {} } };

describe("pods", () => {
  it.each([
    { name: "new", spec: POD_SPEC, status: { phase: "Pending" }, want: ["0/1", "Pending", "0"] },
    {
      name: "running",
      spec: POD_SPEC,
      status: { phase: "Running", containerStatuses: [running] },
      want: ["1/1", "Running", "0"],
    },
    {
      name: "crash loop",
      spec: POD_SPEC,
      status: {
        phase: "Running",
        containerStatuses: [
          {
            name: "c",
            restartCount: 5,
            state: { waiting: { reason: "CrashLoopBackOff" } },
            lastState: { terminated: { exitCode: 1, finishedAt: "2026-01-01T23:55:00Z" } },
          },
        ],
      },
      want: ["0/1", "CrashLoopBackOff", "5 (5m ago)"],
    },
    {
      name: "second init container",
      spec: { ...POD_SPEC, initContainers: [{ name: "a" }, { name: "b" }] },
      status: {
        phase: "Pending",
        initContainerStatuses: [
          { name: "a", restartCount: 1, state: { terminated: { exitCode: 0 } } },
          { name: "b", restartCount: 0, state: { running: {} } },
        ],
        containerStatuses: [
          { name: "c", restartCount: 0, state: { waiting: { reason: "PodInitializing" } } },
        ],
      },
      want: ["0/1", "Init:1/2", "1"],
    },
    {
      name: "init container failed by signal",
      spec: { ...POD_SPEC, initContainers: [{ name: "a" }] },
      status: {
        phase: "Pending",
        initContainerStatuses: [
          { name: "a", restartCount: 0, state: { terminated: { exitCode: 137, signal: 9 } } },
        ],
      },
      want: ["0/1", "Init:Signal:9", "0"],
    },
    {
      name: "sidecar counts as a container",
      spec: { ...POD_SPEC, initContainers: [{ name: "s", restartPolicy: "Always" }] },
      status: {
        phase: "Running",
        conditions: [{ type: "Initialized", status: "True" }],
        initContainerStatuses: [
          { name: "s", restartCount: 2, started: true, ready: true, state: { running: {} } },
        ],
        containerStatuses: [running],
      },
      want: ["2/2", "Running", "2"],
    },
    {
      name: "ended container without a reason",
      spec: POD_SPEC,
      status: {
        phase: "Failed",
        containerStatuses: [{ name: "c", restartCount: 0, state: { terminated: { exitCode: 3 } } }],
      },
      want: ["0/1", "ExitCode:3", "0"],
    },
    {
      name: "one of two completed, not ready",
      spec: { containers: [{ name: "c" }, { name: "d" }] },
      status: {
        phase: "Running",
        containerStatuses: [
          {
            name: "d",
            restartCount: 0,
            state: { terminated: { exitCode: 0, reason: "Completed" } },
          },
          running,
        ],
      },
      want: ["1/2", "NotReady", "0"],
    },
    {
      name: "gated",
      spec: POD_SPEC,
      status: {
        phase: "Pending",
        conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }],
      },
      want: ["0/1", "SchedulingGated", "0"],
    },
    {
      name: "terminating",
      metadata: { deletionTimestamp: "2026-01-02T00:00:30Z" },
      spec: POD_SPEC,
      status: { phase: "Running", containerStatuses: [running] },
      want: ["1/1", "Terminating", "0"],
    },
    {
      name: "node lost",
      metadata: { deletionTimestamp: "2026-01-02T00:00:30Z" },
      spec: POD_SPEC,
      status: { phase: "Running", reason: "NodeLost" },
      want: ["0/1", "Unknown", "0"],
    },
  ])("$name", ({ name: _name, want, ...pod }) => {
    expect(cellsOf("v1", "Pod", pod).slice(1, 4)).toEqual(want);
  });
});

describe("other kinds", () => {
  it.each<readonly [string, string, Given, readonly unknown[]]>([
    [
      "v1",
      "Service",
      {
        spec: {
          type: "NodePort",
          clusterIP: "10.43.0.1",
          ports: [{ port: 80, nodePort: 30080, protocol: "TCP" }],
        },
      },
      ["x", "NodePort", "10.43.0.1", "<none>", "80:30080/TCP", "24h", "<none>"],
    ],
    [
      "v1",
      "Service",
      { spec: { type: "LoadBalancer", clusterIP: "10.43.0.1", selector: { c: "d", a: "b" } } },
      ["x", "LoadBalancer", "10.43.0.1", "<pending>", "<none>", "24h", "a=b,c=d"],
    ],
    [
      "apps/v1",
      "Deployment",
      {
        spec: {
          replicas: 3,
          selector: { matchLabels: { a: "b" } },
          template: { spec: POD_SPEC },
        },
        status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2 },
      },
      ["x", "2/3", 3, 2, "24h", "c", "i:1", "a=b"],
    ],
    [
      "batch/v1",
      "Job",
      {
        spec: { parallelism: 3, template: { spec: POD_SPEC } },
        status: { succeeded: 1, startTime: "2026-01-01T23:59:00Z" },
      },
      ["x", "Running", "1/1 of 3", "60s", "24h", "c", "i:1", "<none>"],
    ],
    [
      "autoscaling/v2",
      "HorizontalPodAutoscaler",
      {
        spec: {
          maxReplicas: 5,
          scaleTargetRef: { kind: "Deployment", name: "d" },
          metrics: [
            {
              type: "Resource",
              resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
            },
            { type: "Pods", pods: { target: { type: "AverageValue", averageValue: "10" } } },
            { type: "External", external: { target: { type: "Value", value: "1" } } },
          ],
        },
        status: {
          currentReplicas: 2,
          currentMetrics: [{ type: "Resource", resource: { current: { averageUtilization: 30 } } }],
        },
      },
      ["x", "Deployment/d", "cpu: 30%/50%, <unknown>/10 + 1 more...", "<unset>", 5, 2, "24h"],
    ],
    [
      "v1",
      "ResourceQuota",
      { status: { hard: { pods: "5", "limits.cpu": "2" }, used: { pods: "1" } } },
      ["x", "pods: 1/5", "limits.cpu: 0/2", "24h"],
    ],
    [
      "v1",
      "Endpoints",
      {
        subsets: [
          {
            addresses: ["1", "2", "3", "4"].map((n) => ({ ip: `10.0.0.${n}` })),
            ports: [{ port: 80 }],
          },
        ],
      },
      ["x", "10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 1 more...", "24h"],
    ],
    [
      "v1",
      "Event",
      {
        involvedObject: { kind: "Pod", name: "p" },
        reason: "Why",
        type: "Warning",
        source: { component: "me", host: "h" },
        message: " because\n",
        firstTimestamp: "2026-01-01T23:00:00Z",
        lastTimestamp: "2026-01-01T23:59:00Z",
        count: 2,
      },
      ["60s", "Warning", "Why", "pod/p", "", "me, h", "because", "60m", 2, "x"],
    ],
    ["rbac.authorization.k8s.io/v1", "Role", {}, ["x", "2026-01-01T00:00:00Z"]],
  ])("%s %s", (apiVersion, kind, given, want) => {
    expect(cellsOf(apiVersion, kind, given)).toEqual(want);
  });
});

describe("custom kinds", () => {
  const crd = {
    spec: {
      group: "example.com",
      names: { kind: "Gadget", plural: "gadgets" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object" } },
          additionalPrinterColumns: [
            {
              name: "Ready",
              type: "string",
              jsonPath: '.status.conditions[?(@.type=="Ready")].status',
            },
            { name: "Replicas", type: "integer", jsonPath: ".spec.replicas", priority: 1 },
            {
              name: "Tag",
              type: "string",
              jsonPath: ".metadata.labels.app\\.kubernetes\\.io/name",
            },
            { name: "Missing", type: "string", jsonPath: ".spec.nope" },
            { name: "Since", type: "date", jsonPath: ".metadata.creationTimestamp" },
          ],
        },
        { name: "v2", served: true, storage: false },
      ],
    },
  };
  const [v1, v2] = kindsOfCrd(crd);
  const gadget = {
    apiVersion: "example.com/v1",
    kind: "Gadget",
    metadata: {
      name: "g",
      creationTimestamp: "2026-01-01T00:00:00Z",
      labels: { "app.kubernetes.io/name": "shop" },
    },
    spec: { replicas: 2 },
    status: {
      conditions: [
        { type: "Synced", status: "False" },
        { type: "Ready", status: "True" },
      ],
    },
  };

  it("prints the declared columns after the name", () => {
    if (v1 === undefined) throw new Error("no kind");
    const table = toTable([gadget], { facts: v1 }, OPTIONS);
    expect(table.rows[0]?.cells).toEqual(["g", "True", 2, "shop", null, "24h"]);
    expect(table.columnDefinitions?.map(({ name, priority }) => `${name} ${priority}`)).toEqual([
      "Name 0",
      "Ready 0",
      "Replicas 1",
      "Tag 0",
      "Missing 0",
      "Since 0",
    ]);
  });

  it("prints the age when there are none", () => {
    if (v2 === undefined) throw new Error("no kind");
    expect(toTable([gadget], { facts: v2 }, OPTIONS).rows[0]?.cells).toEqual(["g", "24h"]);
  });
});

describe("rows", () => {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    status: { phase: "Failed" },
  };
  const facts = factsOf("v1", "Pod");

  it("carries metadata by default and says that a pod has ended", () => {
    const [row] = toTable([pod], { facts }, { ...OPTIONS, includeObject: "Metadata" }).rows;
    expect(row?.object).toEqual({
      kind: "PartialObjectMetadata",
      apiVersion: "meta.k8s.io/v1",
      metadata: { name: "p" },
    });
    expect(row?.conditions).toEqual([
      { type: "Completed", status: "True", reason: "Failed", message: "The pod failed." },
    ]);
  });

  it("carries the object when asked", () => {
    const [row] = toTable([pod], { facts }, { ...OPTIONS, includeObject: "Object" }).rows;
    expect(row?.object).toBe(pod);
  });

  it("leaves the columns out after the first watch event", () => {
    expect(toTable([], { facts }, { ...OPTIONS, withColumns: false }).columnDefinitions).toBeNull();
  });
});

describe("parseJsonPath", () => {
  const value = {
    a: [
      { n: 1, t: "x" },
      { n: 2, t: "y" },
    ],
    "b.c": { d: 3 },
  };
  it.each([
    [".a[0].n", [1]],
    ["{.a[-1].n}", [2]],
    [".a[*].t", ["x", "y"]],
    ["$.b\\.c.d", [3]],
    ["['b.c'].d", [3]],
    [".a[?(@.n>1)].t", ["y"]],
    [".a[?(@.t!='x')].n", [2]],
    [".a[5].n", []],
    [".nope", []],
  ])("%s", (path, want) => {
    expect(parseJsonPath(path)?.find(value)).toEqual(want);
  });

  it.each(["..n", ".a[1:2]", ".a[?(@.n in [1])]"])("refuses %s", (path) => {
    expect(parseJsonPath(path)).toBeUndefined();
  });
});
