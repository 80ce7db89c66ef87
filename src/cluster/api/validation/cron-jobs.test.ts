// CronJobs: cases of TestValidateCronJob and TestValidateTimeZone in kubernetes pkg/apis/batch/validation/validation_test.go;
// texts as the strategies of kubernetes @v1.36.2 give them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const CRON: KubernetesObject = {
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    schedule: "*/5 * * * *",
    concurrencyPolicy: "Allow",
    jobTemplate: {
      spec: {
        template: {
          metadata: { labels: { app: "web" } },
          spec: { containers: [{ name: "c", image: "i:1" }], restartPolicy: "OnFailure" },
        },
      },
    },
  },
};

describe("a new CronJob", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "without a schedule",
      change: { spec: { schedule: "" } },
      faults: ["spec.schedule: Required value"],
    },
    {
      name: "of too few fields",
      change: { spec: { schedule: "* * * *" } },
      faults: [
        'spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4: [* * * *]',
      ],
    },
    {
      name: "of too many fields",
      change: { spec: { schedule: "0 0 0 * * *" } },
      faults: [
        'spec.schedule: Invalid value: "0 0 0 * * *": expected exactly 5 fields, found 6: [0 0 0 * * *]',
      ],
    },
    {
      name: "of no number",
      change: { spec: { schedule: "a * * * *" } },
      faults: [
        'spec.schedule: Invalid value: "a * * * *": failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax',
      ],
    },
    {
      name: "above the last minute",
      change: { spec: { schedule: "60 * * * *" } },
      faults: [
        'spec.schedule: Invalid value: "60 * * * *": end of range (60) above maximum (59): 60',
      ],
    },
    {
      name: "below the first day",
      change: { spec: { schedule: "0 0 0 * *" } },
      faults: [
        'spec.schedule: Invalid value: "0 0 0 * *": beginning of range (0) below minimum (1): 0',
      ],
    },
    {
      name: "of a negative number",
      change: { spec: { schedule: "-1 * * * *" } },
      faults: [
        'spec.schedule: Invalid value: "-1 * * * *": failed to parse int from : strconv.Atoi: parsing "": invalid syntax',
      ],
    },
    {
      name: "of a range backwards",
      change: { spec: { schedule: "5-1 * * * *" } },
      faults: [
        'spec.schedule: Invalid value: "5-1 * * * *": beginning of range (5) beyond end of range (1): 5-1',
      ],
    },
    {
      name: "of too many hyphens",
      change: { spec: { schedule: "1-2-3 * * * *" } },
      faults: ['spec.schedule: Invalid value: "1-2-3 * * * *": too many hyphens: 1-2-3'],
    },
    {
      name: "of too many slashes",
      change: { spec: { schedule: "1/2/3 * * * *" } },
      faults: ['spec.schedule: Invalid value: "1/2/3 * * * *": too many slashes: 1/2/3'],
    },
    {
      name: "of steps of nothing",
      change: { spec: { schedule: "*/0 * * * *" } },
      faults: [
        'spec.schedule: Invalid value: "*/0 * * * *": step of range should be a positive number: */0',
      ],
    },
    { name: "of names", change: { spec: { schedule: "0 0 1 jan-dec sun" } }, faults: [] },
    { name: "by a word", change: { spec: { schedule: "@daily" } }, faults: [] },
    {
      name: "by a word nobody knows",
      change: { spec: { schedule: "@never" } },
      faults: ['spec.schedule: Invalid value: "@never": unrecognized descriptor: @never'],
    },
    {
      name: "of intervals that are none",
      change: { spec: { schedule: "@every x" } },
      faults: [
        'spec.schedule: Invalid value: "@every x": failed to parse duration @every x: time: invalid duration "x"',
      ],
    },
    {
      name: "with a time zone in it",
      change: { spec: { schedule: "TZ=UTC 0 0 * * *" } },
      faults: [
        'spec.schedule: Invalid value: "TZ=UTC 0 0 * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
      ],
    },
    {
      name: "in no time zone",
      change: { spec: { timeZone: "" } },
      faults: ['spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string'],
    },
    {
      name: "in a time zone nobody knows",
      change: { spec: { timeZone: "Asia/Amsterdam" } },
      faults: ['spec.timeZone: Invalid value: "Asia/Amsterdam": unknown time zone Asia/Amsterdam'],
    },
    {
      name: "in a time zone that is a path",
      change: { spec: { timeZone: "../etc/passwd" } },
      faults: ['spec.timeZone: Invalid value: "../etc/passwd": unknown time zone ../etc/passwd'],
    },
    {
      name: "in the server's time zone",
      change: { spec: { timeZone: "Local" } },
      faults: [
        'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
      ],
    },
    {
      name: "of negative numbers",
      change: {
        spec: {
          startingDeadlineSeconds: -1,
          successfulJobsHistoryLimit: -1,
          failedJobsHistoryLimit: -1,
        },
      },
      faults: [
        "spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0",
        "spec.successfulJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
        "spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
      ],
    },
    {
      name: "that runs by a policy nobody knows",
      change: { spec: { concurrencyPolicy: "Queue" } },
      faults: [
        'spec.concurrencyPolicy: Unsupported value: "Queue": supported values: "Allow", "Forbid", "Replace"',
      ],
    },
    {
      name: "of jobs that select",
      change: {
        spec: {
          jobTemplate: {
            spec: { selector: { matchLabels: { app: "web" } }, manualSelector: true },
          },
        },
      },
      faults: [
        'spec.jobTemplate.spec.selector: Invalid value: {"matchLabels":{"app":"web"}}: `selector` will be auto-generated',
        'spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"',
      ],
    },
    {
      name: "of jobs that never end",
      change: {
        spec: {
          jobTemplate: {
            spec: {
              template: {
                metadata: { labels: { app: "web" } },
                spec: { containers: [{ name: "c", image: "i:1" }], restartPolicy: "Always" },
              },
            },
          },
        },
      },
      faults: [
        'spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
      ],
    },
    {
      name: "whose jobs' names are too long",
      change: { metadata: { name: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" } },
      faults: [
        'metadata.name: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 52 characters',
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(CRON, change))).toEqual(faults);
  });
});

describe("a change of a CronJob", () => {
  const rows = [
    {
      name: "to a time zone nobody knows",
      from: {},
      change: { spec: { timeZone: "Asia/Amsterdam" } },
      faults: ['spec.timeZone: Invalid value: "Asia/Amsterdam": unknown time zone Asia/Amsterdam'],
    },
    {
      name: "to a schedule that is none",
      from: {},
      change: { spec: { schedule: "1 2 3" } },
      faults: [
        'spec.schedule: Invalid value: "1 2 3": expected exactly 5 fields, found 3: [1 2 3]',
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(CRON, from);
    expect(await judge.update(before, merged(CRON, change))).toEqual(faults);
  });
});
