// What one metric of an autoscaler proposes, what it shows in the status, and what is said when it has no value.
// Mirrors computeReplicasForMetric of kubernetes pkg/controller/podautoscaler/horizontal.go v1.36.

import { formatQuantity, parseQuantity, quantityMilliValue } from "../../../core/index.ts";
import type { LabelSelector } from "../../../kubernetes/index.ts";
import type { MetricIdentifier, MetricSpec, MetricTarget } from "../policy-kinds.ts";
import type { MetricsClient } from "./metrics-client.ts";
import { MetricError } from "./pod-metric.ts";
import {
  replicasForAverage,
  replicasForShare,
  replicasForUtilization,
  replicasForValue,
} from "./replica-calculator.ts";
import type { Proposal, Target } from "./replica-calculator.ts";

export interface MetricTargetContext extends Omit<Target, "resource"> {
  readonly client: MetricsClient;
  readonly namespace: string;
  /** Of the target's pods, as text. */
  readonly selector: string;
  readonly statusReplicas: number;
  /** `deployments` for what an Object metric describes. */
  pluralOf(apiVersion: string, kind: string): string;
}

export interface MetricProposal {
  readonly replicas: number;
  /** As events and conditions call the metric. */
  readonly name: string;
  /** An item of `status.currentMetrics`. */
  readonly status: object;
}

/** Throws MetricError with the message of the condition; `summary` puts it into words for the event. */
export function proposalOf(spec: MetricSpec, context: MetricTargetContext): MetricProposal {
  switch (spec.type) {
    case "Resource":
      return resourceProposal(spec, context);
    case "ContainerResource":
      return containerProposal(spec, context);
    case "Pods":
      return podsProposal(spec, context);
    case "Object":
      return objectProposal(spec, context);
    case "External":
      return externalProposal(spec, context);
  }
}

/** How the message of a metric is introduced in the message about all of them. */
export function summarize(spec: MetricSpec, message: string): string {
  switch (spec.type) {
    case "Resource":
      return `failed to get ${spec.resource?.name} resource metric value: ${message}`;
    case "ContainerResource":
      return `failed to get ${spec.containerResource?.container} container metric value: ${message}`;
    case "Pods":
      return `failed to get pods metric value: ${message}`;
    case "Object":
      return `failed to get object metric value: ${message}`;
    case "External":
      return `failed to get ${spec.external?.metric.name} external metric value: ${message}`;
  }
}

function within<T>(what: string, find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof MetricError)) throw error;
    throw new MetricError(`${what}: ${error.message}`, { cause: error });
  }
}

interface ResourceValue extends Pick<MetricProposal, "replicas" | "name"> {
  readonly current: object;
}

function resourceValue(
  context: MetricTargetContext,
  resource: string,
  container: string,
  target: MetricTarget = {},
): ResourceValue {
  const { client, namespace, selector } = context;
  const measured = () =>
    within(`unable to get metrics for resource ${resource}`, () =>
      client.resource(resource, namespace, selector, container),
    );
  if (target.averageValue !== undefined) {
    const wanted = milli(target.averageValue);
    const { replicas, usage } = within(`failed to get ${resource} usage`, () =>
      replicasForAverage({ ...context, resource }, measured(), wanted),
    );
    return { replicas, name: `${resource} resource`, current: { averageValue: quantity(usage) } };
  }
  const { averageUtilization: utilization } = target;
  if (utilization === undefined) {
    throw new MetricError(
      "invalid resource metric source: neither an average utilization target nor an average value (usage) target was set",
    );
  }
  const found = within(`failed to get ${resource} utilization`, () =>
    replicasForUtilization({ ...context, resource }, measured(), { utilization, container }),
  );
  const kind = container === "" ? "resource" : "container resource";
  return {
    replicas: found.replicas,
    name: `${resource} ${kind} utilization (percentage of request)`,
    current: { averageUtilization: found.utilization, averageValue: quantity(found.usage) },
  };
}

function resourceProposal({ type, resource }: MetricSpec, context: MetricTargetContext) {
  const { name = "", target } = resource ?? {};
  const { current, ...proposal } = resourceValue(context, name, "", target);
  return { ...proposal, status: { type, resource: { name, current } } };
}

function containerProposal({ type, containerResource }: MetricSpec, context: MetricTargetContext) {
  const { name = "", container = "", target } = containerResource ?? {};
  const { current, ...proposal } = resourceValue(context, name, container, target);
  return { ...proposal, status: { type, containerResource: { name, container, current } } };
}

const NO_METRIC: MetricIdentifier = { name: "" };

function podsProposal({ type, pods }: MetricSpec, context: MetricTargetContext): MetricProposal {
  const { metric = NO_METRIC, target } = pods ?? {};
  const { client, namespace, selector } = context;
  const measured = within(`unable to get metric ${metric.name}`, () =>
    client.pods(metric, namespace, selector),
  );
  const wanted = milli(target?.averageValue);
  const { replicas, usage } = replicasForAverage({ ...context, resource: "" }, measured, wanted);
  return {
    replicas,
    name: `pods metric ${metric.name}`,
    status: { type, pods: { metric, current: { averageValue: quantity(usage) } } },
  };
}

function objectProposal(
  { type, object }: MetricSpec,
  context: MetricTargetContext,
): MetricProposal {
  const { metric = NO_METRIC, target, describedObject = { kind: "", name: "" } } = object ?? {};
  const { namespace, client } = context;
  const { kind, name, apiVersion = "v1" } = describedObject;
  const measured = (): number => {
    try {
      return client.object(metric, namespace, describedObject, context.pluralOf(apiVersion, kind));
    } catch (error) {
      if (!(error instanceof MetricError)) throw error;
      // The real format string has its arguments in this order.
      const where = `${kind} on ${namespace} ${name}`;
      throw new MetricError(`unable to get metric ${metric.name}: ${where}/${error.message}`);
    }
  };
  if (target?.type === "Value" && target.value !== undefined) {
    const found = replicasForValue({ ...context, resource: "" }, measured(), milli(target.value));
    const current = { value: quantity(found.usage) };
    return {
      replicas: found.replicas,
      name: `${kind} metric ${metric.name}`,
      status: { type, object: { metric, current, describedObject } },
    };
  }
  if (target?.type === "AverageValue" && target.averageValue !== undefined) {
    const wanted = milli(target.averageValue);
    const found = within(`failed to get ${metric.name} object metric`, () =>
      replicasForShare(context, measured(), wanted),
    );
    const current = { averageValue: quantity(found.usage) };
    return {
      replicas: found.replicas,
      name: `external metric ${metric.name}(${printSelector(metric.selector)})`,
      status: { type, object: { metric, current, describedObject } },
    };
  }
  throw new MetricError(
    "invalid object metric source: neither a value target nor an average value target was set",
  );
}

function externalProposal({ type, external }: MetricSpec, context: MetricTargetContext) {
  const { metric = NO_METRIC, target } = external ?? {};
  const { namespace, client } = context;
  const selector = printSelector(metric.selector);
  const measured = (): number =>
    within(`unable to get external metric ${namespace}/${metric.name}/${selector}`, () =>
      client.external(metric, namespace).reduce((sum, value) => sum + value, 0),
    );
  const show = ({ replicas }: Proposal, current: object): MetricProposal => ({
    replicas,
    name: `external metric ${metric.name}(${selector})`,
    status: { type, external: { metric, current } },
  });
  if (target?.averageValue !== undefined) {
    const wanted = milli(target.averageValue);
    const found = within(`failed to get ${metric.name} external metric`, () =>
      replicasForShare(context, measured(), wanted),
    );
    return show(found, { averageValue: quantity(found.usage) });
  }
  if (target?.value !== undefined) {
    const wanted = milli(target.value);
    const found = within(`failed to get external metric ${metric.name}`, () =>
      replicasForValue({ ...context, resource: "" }, measured(), wanted),
    );
    return show(found, { value: quantity(found.usage) });
  }
  throw new MetricError(
    "invalid external metric source: neither a value target nor an average value target was set",
  );
}

function milli(text: string | number | undefined): number {
  const parsed = text === undefined ? undefined : parseQuantity(text);
  return parsed === undefined ? 0 : quantityMilliValue(parsed);
}

function quantity(thousandths: number): string {
  return formatQuantity({ nanos: BigInt(thousandths) * 1_000_000n, format: "DecimalSI" });
}

/** As Go prints a pointer to a LabelSelector. */
export function printSelector(selector: LabelSelector | undefined): string {
  if (selector === undefined) return "nil";
  const labels = Object.entries(selector.matchLabels ?? {})
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`);
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(" ")}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join("")}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join("")}},}`;
}
