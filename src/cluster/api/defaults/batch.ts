// Defaults of batch/v1. Source: kubernetes v1.36.2 pkg/apis/batch/v1/defaults.go.

import { POD_TEMPLATE } from "./core.ts";
import type { DefaultRules } from "./default-rules.ts";

const FAILURE_POLICY: DefaultRules = {
  each: {
    rules: {
      each: {
        onPodConditions: {
          first: withoutEmptyStatus,
          set: { status: "True" },
        },
      },
    },
  },
};

const JOB_SPEC: DefaultRules = {
  set: {
    // A work queue (parallelism alone) has no number of completions.
    completions: ({ parallelism }) => (parallelism === undefined ? 1 : undefined),
    parallelism: 1,
    backoffLimit: ({ backoffLimitPerIndex }) =>
      backoffLimitPerIndex === undefined ? 6 : 2_147_483_647,
    completionMode: "NonIndexed",
    suspend: false,
    podReplacementPolicy: ({ podFailurePolicy }) =>
      podFailurePolicy === undefined ? "TerminatingOrFailed" : "Failed",
  },
  within: {
    template: POD_TEMPLATE,
    podFailurePolicy: FAILURE_POLICY,
  },
};

function withoutEmptyStatus(pattern: Readonly<Record<string, unknown>>): typeof pattern {
  const { status, ...others } = pattern;
  return status === "" ? others : pattern;
}

export const JOB: DefaultRules = { within: { spec: JOB_SPEC } };

/** The job template is not a job: it keeps what the user wrote, but its pod template has defaults. */
export const CRON_JOB: DefaultRules = {
  within: {
    spec: {
      set: {
        concurrencyPolicy: "Allow",
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
      },
      within: {
        jobTemplate: {
          within: {
            spec: { within: { template: POD_TEMPLATE, podFailurePolicy: FAILURE_POLICY } },
          },
        },
      },
    },
  },
};
