// Reads the three APIs of metrics an autoscaler knows. Mirrors kubernetes pkg/controller/podautoscaler/metrics/client.go
// v1.36 and the paths of k8s.io/metrics pkg/client; the words of a failure are theirs.

import { parseQuantity, quantityMilliValue, SECOND_MS } from "../../../core/index.ts";
import {
  formatLabelRequirements,
  labelRequirements,
  parseApiVersion,
} from "../../../kubernetes/index.ts";
import type { ApiServiceRequest, LabelSelector } from "../../../kubernetes/index.ts";
import type { ApiServices } from "../../api/index.ts";
import type { CrossVersionObjectReference, MetricIdentifier } from "../policy-kinds.ts";
import { MetricError } from "./pod-metric.ts";
import type { PodMetric, PodMetrics } from "./pod-metric.ts";

export type MetricsApis = Pick<ApiServices, "find" | "read">;

export interface MetricsClient {
  /** Thousandths by pod; of one container when it is named. */
  resource(resource: string, namespace: string, selector: string, container: string): PodMetrics;
  pods(metric: MetricIdentifier, namespace: string, selector: string): PodMetrics;
  object(
    metric: MetricIdentifier,
    namespace: string,
    about: CrossVersionObjectReference,
    plural: string,
  ): number;
  external(metric: MetricIdentifier, namespace: string): readonly number[];
}

interface RawPodMetrics {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly timestamp: string;
  readonly window: string;
  readonly containers: readonly {
    readonly name: string;
    readonly usage: Readonly<Record<string, string>>;
  }[];
}

interface RawMetricValue {
  readonly describedObject?: { readonly name: string };
  readonly metricName?: string;
  readonly timestamp: string;
  readonly windowSeconds?: number;
  readonly window?: number;
  readonly value: string | number;
}

const RESOURCE_API = "resource metrics API";
const CUSTOM_API = "custom metrics API";
const EXTERNAL_API = "external metrics API";
/** `metricServerDefaultMetricWindow`. */
const DEFAULT_WINDOW_S = 60;
const CUSTOM_VERSIONS = ["v1beta2", "v1beta1"];
const CUSTOM_GROUP = "custom.metrics.k8s.io";

export function createMetricsClient(apis: MetricsApis): MetricsClient {
  const readItems = <T>(
    api: string,
    group: string,
    version: string,
    request: ApiServiceRequest,
  ): readonly T[] => {
    const { items } = fetching(api, () => apis.read(group, version, request));
    // What these APIs answer is a list of the values their group defines.
    const found = (items ?? []) as readonly T[];
    if (found.length === 0) throw new MetricError(`no metrics returned from ${api}`);
    return found;
  };
  const customVersion = (): string => {
    const version = CUSTOM_VERSIONS.find((one) => apis.find(CUSTOM_GROUP, one) !== undefined);
    if (version !== undefined) return version;
    const why = `no custom metrics API (${CUSTOM_GROUP}) registered`;
    throw new MetricError(`unable to fetch metrics from ${CUSTOM_API}: ${why}`);
  };
  const readCustom = (
    namespace: string,
    path: { readonly resource: string; readonly name: string; readonly subresource: string },
    metric: MetricIdentifier,
    labelSelector?: string,
  ): readonly RawMetricValue[] => {
    const metricLabelSelector = selectorText(metric.selector);
    return readItems(CUSTOM_API, CUSTOM_GROUP, customVersion(), {
      verb: "get",
      namespace,
      ...path,
      labelSelector,
      parameters: metricLabelSelector === "" ? {} : { metricLabelSelector },
    });
  };
  return {
    resource(resource, namespace, labelSelector, container) {
      const request = {
        verb: "list",
        namespace,
        resource: "pods",
        name: "",
        subresource: "",
      } as const;
      const group = "metrics.k8s.io";
      const items = readItems<RawPodMetrics>(RESOURCE_API, group, "v1beta1", {
        ...request,
        labelSelector,
      });
      return container === ""
        ? podValues(items, resource)
        : containerValues(items, resource, container);
    },
    pods(metric, namespace, labelSelector) {
      const path = { resource: "pods", name: "*", subresource: metric.name };
      const items = readCustom(namespace, path, metric, labelSelector);
      return new Map(items.map((item) => [item.describedObject?.name ?? "", valueOf(item)]));
    },
    object(metric, namespace, about, plural) {
      const { group } = parseApiVersion(about.apiVersion ?? "v1");
      const isNamespace = about.kind === "Namespace" && group === "";
      const path = isNamespace
        ? { resource: "metrics", name: metric.name, subresource: "" }
        : {
            resource: group === "" ? plural : `${plural}.${group}`,
            name: about.name,
            subresource: metric.name,
          };
      const [item] = readCustom(namespace, path, metric);
      return item === undefined ? 0 : valueOf(item).value;
    },
    external(metric, namespace) {
      const items = readItems<RawMetricValue>(EXTERNAL_API, "external.metrics.k8s.io", "v1beta1", {
        verb: "list",
        namespace,
        resource: metric.name,
        name: "",
        subresource: "",
        labelSelector: selectorText(metric.selector),
      });
      return items.map((item) => valueOf(item).value);
    },
  };
}

function fetching<T>(api: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new MetricError(`unable to fetch metrics from ${api}: ${error.message}`, {
      cause: error,
    });
  }
}

function selectorText(selector: LabelSelector | undefined): string {
  return selector === undefined ? "" : formatLabelRequirements(labelRequirements(selector));
}

/** Of pods whose every container has a value. */
function podValues(items: readonly RawPodMetrics[], resource: string): PodMetrics {
  const values = new Map<string, PodMetric>();
  for (const item of items) {
    const parts = item.containers.map(({ usage }) => milli(usage[resource]));
    if (parts.length === 0 || parts.includes(undefined)) continue;
    const value = parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
    values.set(item.metadata.name, { value, ...timesOf(item) });
  }
  return values;
}

function containerValues(
  items: readonly RawPodMetrics[],
  resource: string,
  container: string,
): PodMetrics {
  const values = new Map<string, PodMetric>();
  for (const item of items) {
    const { name, namespace } = item.metadata;
    const found = item.containers.find((one) => one.name === container);
    if (found === undefined) {
      throw new MetricError(
        `failed to get container metrics: container ${container} not present in metrics for pod ${namespace}/${name}`,
      );
    }
    const value = milli(found.usage[resource]);
    if (value !== undefined) values.set(name, { value, ...timesOf(item) });
  }
  return values;
}

function timesOf({ timestamp, window }: RawPodMetrics): Pick<PodMetric, "timestamp" | "windowMs"> {
  return { timestamp: Date.parse(timestamp), windowMs: Number.parseFloat(window) * SECOND_MS };
}

function valueOf(item: RawMetricValue): PodMetric {
  const seconds = item.windowSeconds ?? item.window ?? DEFAULT_WINDOW_S;
  return {
    value: milli(item.value) ?? 0,
    timestamp: Date.parse(item.timestamp),
    windowMs: seconds * SECOND_MS,
  };
}

function milli(quantity: string | number | undefined): number | undefined {
  const parsed = quantity === undefined ? undefined : parseQuantity(quantity);
  return parsed && quantityMilliValue(parsed);
}
