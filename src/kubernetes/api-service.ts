// The contract of an API that is computed when asked instead of being stored: what the aggregation layer adds to a
// cluster, such as `metrics.k8s.io` or `custom.metrics.k8s.io`. It is served while an APIService object of its group and
// version exists and is available. Mirrors kube-aggregator, with a handler in the process in place of a proxy.

import type { KubernetesObject } from "./object.ts";

/** One resource as discovery lists it. */
export interface ApiServiceResource {
  /** Plural; `pods/qps` in APIs that name a metric behind a resource. */
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  /** Columns of its table after the name; absent: the name and nothing else. */
  readonly columns?: readonly ApiServiceColumn[];
}

export interface ApiServiceColumn {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  cell(object: KubernetesObject): unknown;
}

/** What a path below the group version asks for: `/namespaces/{namespace}/{resource}/{name}/{subresource}`. */
export interface ApiServiceRequest {
  readonly verb: "get" | "list";
  readonly namespace: string | undefined;
  readonly resource: string;
  /** Empty for a collection; `*` means every object in APIs of metrics. */
  readonly name: string;
  readonly subresource: string;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Parameters of the API's own, such as `metricLabelSelector`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** An object, or a list of them with `items`. */
export type ApiServiceAnswer = Readonly<Record<string, unknown>>;

export interface ApiService {
  readonly group: string;
  readonly version: string;
  resources(): readonly ApiServiceResource[];
  /** Throws StatusError. */
  read(request: ApiServiceRequest): ApiServiceAnswer;
}
