// Cases transcribed from kubernetes plugin/pkg/admission/resourcequota/admission_test.go @v1.36.

import { describe, expect, it } from "vitest";

import type { KubernetesObject } from "../index.ts";
import { chargeQuotas, quotaEvaluator } from "./index.ts";
import type { QuotaOperation, ResourceQuota } from "./index.ts";

const quota = (
  hard: Readonly<Record<string, string>>,
  used: Readonly<Record<string, string>>,
  spec: Partial<ResourceQuota["spec"]> = {},
): ResourceQuota => ({
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "quota" },
  spec: { hard, ...spec },
  status: { hard, used },
});
const pod = (requests: object, limits: object = {}, over: object = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", resourceVersion: "1" },
  spec: { containers: [{ name: "c", resources: { requests, limits } }], ...over },
});
const service = (type: string, ports: number): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "s", resourceVersion: "1" },
  spec: { type, ports: Array.from({ length: ports }, (_, index) => ({ port: index + 1 })) },
});

interface Row {
  readonly name: string;
  readonly resource: string;
  readonly quotas: readonly ResourceQuota[];
  readonly object: KubernetesObject;
  readonly old?: KubernetesObject;
  /** New usage of every quota that changes, or the refusal. */
  readonly expected: readonly Readonly<Record<string, string>>[] | string;
}

const COMPUTE = { cpu: "3", memory: "100Gi", pods: "5" };
const USED = { cpu: "1", memory: "50Gi", pods: "3" };

const ROWS: readonly Row[] = [
  {
    name: "a pod below the quota is charged",
    resource: "pods",
    quotas: [quota(COMPUTE, USED)],
    object: pod({ cpu: "100m", memory: "2Gi" }, { cpu: "200m", memory: "2Gi" }),
    expected: [{ cpu: "1100m", memory: "52Gi", pods: "4" }],
  },
  {
    name: "a pod that asks too much is told what",
    resource: "pods",
    quotas: [quota(COMPUTE, USED)],
    object: pod({ cpu: "3", memory: "2Gi" }),
    expected: "exceeded quota: quota, requested: cpu=3, used: cpu=1, limited: cpu=3",
  },
  {
    name: "several excesses are listed in order",
    resource: "pods",
    quotas: [quota({ pods: "1", cpu: "1" }, { pods: "1", cpu: "1" })],
    object: pod({ cpu: "500m" }),
    expected:
      "exceeded quota: quota, requested: cpu=500m,pods=1, used: cpu=1,pods=1, limited: cpu=1,pods=1",
  },
  {
    name: "every quota has to fit, and none is charged when one does not",
    resource: "pods",
    quotas: [quota({ pods: "5" }, { pods: "0" }), quota({ pods: "1" }, { pods: "1" })],
    object: pod({}),
    expected: "exceeded quota: quota, requested: pods=1, used: pods=1, limited: pods=1",
  },
  {
    name: "a quota of cpu obliges containers",
    resource: "pods",
    quotas: [quota({ "limits.cpu": "1", pods: "5" }, { "limits.cpu": "0", pods: "0" })],
    object: pod({ cpu: "1" }),
    expected: "failed quota: quota: must specify limits.cpu for: c",
  },
  {
    name: "a usage that is not known yet refuses",
    resource: "pods",
    quotas: [quota({ pods: "5", cpu: "1" }, { pods: "0" })],
    object: pod({ cpu: "1" }),
    expected: "status unknown for quota: quota, resources: cpu,pods",
  },
  {
    name: "a quota without status counts nothing yet",
    resource: "pods",
    quotas: [{ ...quota({ pods: "0" }, {}), status: {} }],
    object: pod({}),
    expected: [],
  },
  {
    name: "a scope that does not fit counts nothing",
    resource: "pods",
    quotas: [quota({ pods: "0" }, { pods: "0" }, { scopes: ["Terminating"] })],
    object: pod({}),
    expected: [],
  },
  {
    name: "a scope selector that fits counts",
    resource: "pods",
    quotas: [
      quota(
        { pods: "2" },
        { pods: "1" },
        {
          scopeSelector: {
            matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: ["high"] }],
          },
        },
      ),
    ],
    object: pod({}, {}, { priorityClassName: "high" }),
    expected: [{ pods: "2" }],
  },
  {
    name: "a quota below its own usage takes what it does not measure",
    resource: "pods",
    quotas: [quota({ memory: "1Gi", services: "0" }, { memory: "0", services: "4" })],
    object: pod({ memory: "1Gi" }),
    expected: [{ memory: "1Gi", services: "4" }],
  },
  {
    name: "an update is charged for the difference",
    resource: "services",
    quotas: [
      quota(
        { services: "1", "services.nodeports": "3", "services.loadbalancers": "1" },
        { services: "1", "services.nodeports": "1", "services.loadbalancers": "0" },
      ),
    ],
    object: service("LoadBalancer", 3),
    old: service("NodePort", 1),
    expected: [{ services: "1", "services.nodeports": "3", "services.loadbalancers": "1" }],
  },
  {
    name: "an update that uses less is not charged",
    resource: "services",
    quotas: [
      quota(
        { services: "1", "services.nodeports": "0" },
        { services: "1", "services.nodeports": "2" },
      ),
    ],
    object: service("ClusterIP", 2),
    old: service("NodePort", 2),
    expected: [],
  },
  {
    name: "an object of any kind",
    resource: "widgets.example.com",
    quotas: [quota({ "count/widgets.example.com": "1" }, { "count/widgets.example.com": "0" })],
    object: { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" } },
    expected: [{ "count/widgets.example.com": "1" }],
  },
];

describe("quotas", () => {
  it.each(ROWS)("$name", ({ resource, quotas, object, old, expected }) => {
    const evaluator = quotaEvaluator(resource);
    if (evaluator === undefined) throw new Error(`nothing measures ${resource}`);
    const operation: QuotaOperation["operation"] = old === undefined ? "CREATE" : "UPDATE";
    const request = { operation, subresource: "", object, oldObject: old };
    const result = chargeQuotas(quotas, request, evaluator, 0);
    const answer = result.outcome === "fits" ? result.charges.map(({ used }) => used) : result.why;
    expect(answer).toEqual(expected);
  });
});
