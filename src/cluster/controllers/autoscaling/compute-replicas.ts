// What all metrics of an autoscaler come to: the highest proposal of those that have a value. Mirrors
// computeReplicasForMetrics and validateAndParseSelector of kubernetes pkg/controller/podautoscaler/horizontal.go v1.36.

import type { ConditionUpdate } from "../conditions.ts";
import type { MetricSpec } from "../policy-kinds.ts";
import { proposalOf, summarize } from "./metric-proposal.ts";
import type { MetricProposal, MetricTargetContext } from "./metric-proposal.ts";
import { MetricError } from "./pod-metric.ts";

export interface MetricFailure {
  readonly reason: string;
  readonly message: string;
}

export interface Computation {
  /** Undefined when nothing may be decided. */
  readonly replicas: number | undefined;
  /** The name of the metric that proposed them. */
  readonly metric: string;
  readonly statuses: readonly object[];
  readonly condition: ConditionUpdate;
  readonly failures: readonly MetricFailure[];
  /** Of the event that sums failures up; undefined without any. */
  readonly summary: string | undefined;
}

/** How the status shows a metric without a value. */
const NO_STATUS = { type: "" };

export function computeReplicas(
  metrics: readonly MetricSpec[],
  context: MetricTargetContext,
): Computation {
  const outcomes = metrics.map((spec) => measure(spec, context));
  const failures = outcomes.flatMap((outcome) => ("failure" in outcome ? [outcome] : []));
  const proposals = outcomes.flatMap((outcome) =>
    "proposal" in outcome ? [outcome.proposal] : [],
  );
  const highest = highestOf(proposals);
  const statuses = outcomes.map((one) => ("proposal" in one ? one.proposal.status : NO_STATUS));
  const [first] = failures;
  const summary =
    first &&
    `invalid metrics (${failures.length} invalid out of ${metrics.length}), first error is: ${first.summary}`;
  const common = { statuses, failures: failures.map(({ failure }) => failure), summary };
  // On the word of some metrics a target may grow, but not shrink.
  const isBlocked =
    first !== undefined && (highest === undefined || highest.replicas < context.currentReplicas);
  if (first !== undefined && isBlocked) {
    return { ...common, replicas: undefined, metric: "", condition: inactive(first.failure) };
  }
  const { replicas = 0, name = "" } = highest ?? {};
  return { ...common, replicas, metric: name, condition: active(name) };
}

type Outcome =
  | { readonly proposal: MetricProposal }
  | { readonly failure: MetricFailure; readonly summary: string };

function measure(spec: MetricSpec, context: MetricTargetContext): Outcome {
  try {
    return { proposal: proposalOf(spec, context) };
  } catch (error) {
    if (!(error instanceof MetricError)) throw error;
    const { message } = error;
    const failure = { reason: `FailedGet${spec.type}Metric`, message };
    return { failure, summary: summarize(spec, message) };
  }
}

/** The first of the highest. */
function highestOf(proposals: readonly MetricProposal[]): MetricProposal | undefined {
  let highest: MetricProposal | undefined;
  for (const proposal of proposals) {
    if (highest === undefined || highest.replicas === 0 || proposal.replicas > highest.replicas) {
      highest = proposal;
    }
  }
  return highest;
}

function active(metric: string): ConditionUpdate {
  return {
    type: "ScalingActive",
    status: "True",
    reason: "ValidMetricFound",
    message: `the HPA was able to successfully calculate a replica count from ${metric}`,
  };
}

function inactive({ reason, message }: MetricFailure): ConditionUpdate {
  return {
    type: "ScalingActive",
    status: "False",
    reason,
    message: `the HPA was unable to compute the replica count: ${message}`,
  };
}
