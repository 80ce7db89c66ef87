// Tables of kubernetes pkg/controller/cronjob/utils_test.go (TestMostRecentScheduleTime, TestNextScheduleTime,
// TestNextScheduleTimeDuration, TestByJobStartTime) and cronjob_controllerv2_test.go (TestControllerV2SyncCronJob,
// TestControllerV2UpdateCronJob) @ v1.36. Left out: schedules and zones that the API refuses, and listers that lag.

import { describe, expect, test } from "vitest";
import { createCronSchedule, createRng, createVirtualClock } from "../../core/index.ts";
import type { VirtualClock } from "../../core/index.ts";
import { runControllers } from "../../kubernetes/index.ts";
import type { KubeApi, KubernetesObject } from "../../kubernetes/index.ts";
import { bootstrap, createCluster } from "../cluster.ts";
import { CRON_JOB, JOB } from "./batch-kinds.ts";
import type { CronJob, Job } from "./batch-kinds.ts";
import { byStart } from "./cron-job-object.ts";
import { mostRecentRun, nextRunDelay } from "./cron-job-times.ts";
import { cronJobController } from "./cron-job.ts";

const TOP = Date.parse("2016-05-19T10:00:00Z");
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DELTA = 100;
const iso = (instant: number): string => new Date(instant).toISOString().replace(".000", "");

interface Times {
  readonly schedule: string;
  /** All times in milliseconds after the top of the hour. */
  readonly created?: number;
  readonly last?: number;
  readonly deadline?: number;
}

function cronJobOf({ schedule, created = 0, last, deadline }: Times): CronJob {
  return {
    ...CRON_JOB,
    metadata: { name: "mycronjob", creationTimestamp: iso(TOP + created) },
    spec: {
      schedule,
      ...(deadline === undefined ? {} : { startingDeadlineSeconds: deadline }),
      jobTemplate: { spec: { template: {} } as Job["spec"] },
    },
    status: last === undefined ? {} : { lastScheduleTime: iso(TOP + last) },
  };
}

describe("the most recent run", () => {
  const HALF = 30 * MINUTE;
  const WORKDAYS = "30 6-16/4 * * 1-5";
  test.each([
    {
      name: "now before next schedule",
      at: { schedule: "0 * * * *" },
      now: 30 * SECOND,
      expected: { earliest: 0, recent: undefined, missed: "none" },
    },
    {
      name: "now just after next schedule",
      at: { schedule: "0 * * * *" },
      now: 61 * MINUTE,
      expected: { earliest: 0, recent: HOUR, missed: "none" },
    },
    {
      name: "missed 5 schedules",
      at: { schedule: "0 * * * *", created: 10 * SECOND },
      now: 301 * MINUTE,
      expected: { earliest: 10 * SECOND, recent: 300 * MINUTE, missed: "few" },
    },
    {
      name: "complex schedule",
      at: { schedule: WORKDAYS, last: HALF },
      now: DAY + 31 * MINUTE,
      expected: { earliest: HALF, recent: DAY + HALF, missed: "few" },
    },
    {
      name: "another complex schedule",
      at: { schedule: "30 10,11,12 * * 1-5", last: HALF },
      now: 30 * HOUR + HALF,
      expected: { earliest: HALF, recent: undefined, missed: "few" },
    },
    {
      name: "complex schedule with longer diff between executions",
      at: { schedule: WORKDAYS, last: HALF },
      now: 96 * HOUR + 31 * MINUTE,
      expected: { earliest: HALF, recent: 96 * HOUR + HALF, missed: "few" },
    },
    {
      name: "complex schedule with shorter diff between executions",
      at: { schedule: WORKDAYS },
      now: DAY + 31 * MINUTE,
      expected: { earliest: 0, recent: DAY + HALF, missed: "few" },
    },
    {
      name: "@every schedule",
      at: { schedule: "@every 1h", created: -59 * MINUTE, last: MINUTE, deadline: 10 },
      now: 7 * DAY,
      expected: { earliest: MINUTE, recent: 6 * DAY + 23 * HOUR + MINUTE, missed: "many" },
    },
    {
      name: "rogue cronjob",
      at: { schedule: "59 23 31 2 *", created: 10 * SECOND },
      now: HOUR,
      expected: undefined,
    },
    {
      name: "earliestTime being CreationTimestamp and LastScheduleTime",
      at: { schedule: "0 * * * *", last: 0 },
      now: 30 * SECOND,
      expected: { earliest: 0, recent: undefined, missed: "none" },
    },
    {
      name: "earliestTime being LastScheduleTime",
      at: { schedule: "*/5 * * * *", last: HALF },
      now: 31 * MINUTE,
      expected: { earliest: HALF, recent: undefined, missed: "none" },
    },
    {
      name: "earliestTime being LastScheduleTime (within StartingDeadlineSeconds)",
      at: { schedule: "*/5 * * * *", last: HALF, deadline: 60 },
      now: 31 * MINUTE,
      expected: { earliest: HALF, recent: undefined, missed: "none" },
    },
    {
      name: "earliestTime being LastScheduleTime (outside StartingDeadlineSeconds)",
      at: { schedule: "*/5 * * * *", last: HALF, deadline: 60 },
      now: 32 * MINUTE,
      withDeadline: true,
      expected: { earliest: 31 * MINUTE, recent: undefined, missed: "none" },
    },
    {
      name: "nextScheduleTime 4: known LastScheduleTime, a start needed",
      at: { schedule: "0 * * * ?", created: -10 * MINUTE, last: 0 },
      now: HOUR + 5 * MINUTE,
      withDeadline: true,
      expected: { earliest: 0, recent: HOUR, missed: "none" },
    },
    {
      name: "nextScheduleTime 5: known LastScheduleTime, two starts needed",
      at: { schedule: "0 * * * ?", created: -2 * HOUR, last: -HOUR },
      now: HOUR + 5 * MINUTE,
      withDeadline: true,
      expected: { earliest: -HOUR, recent: HOUR, missed: "few" },
    },
    {
      name: "nextScheduleTime 6: way ahead of last start time, no deadline",
      at: { schedule: "0 * * * ?", created: -2 * HOUR, last: -HOUR },
      now: HOUR + 10 * DAY,
      withDeadline: true,
      expected: { earliest: -HOUR, recent: HOUR + 10 * DAY, missed: "many" },
    },
    {
      name: "nextScheduleTime 7: way ahead of last start time, short deadline",
      at: { schedule: "0 * * * ?", created: -2 * HOUR, last: -HOUR, deadline: 7200 },
      now: HOUR + 10 * DAY,
      withDeadline: true,
      expected: { earliest: 10 * DAY - HOUR, recent: HOUR + 10 * DAY, missed: "few" },
    },
  ])("$name", ({ at, now, withDeadline = false, expected }) => {
    const schedule = createCronSchedule(at.schedule);
    const found = mostRecentRun(cronJobOf(at), TOP + now, schedule, withDeadline);
    const since = (instant: number | undefined) =>
      instant === undefined ? undefined : instant - TOP;
    expect(
      found && { ...found, earliest: since(found.earliest), recent: since(found.recent) },
    ).toEqual(expected);
  });

  test.each([
    {
      name: "complex schedule skipping weekend",
      at: { schedule: WORKDAYS, last: HALF },
      now: DAY + 31 * MINUTE,
      expected: 3 * HOUR + 59 * MINUTE + DELTA,
    },
    {
      name: "another complex schedule skipping weekend",
      at: { schedule: "30 10,11,12 * * 1-5", last: HALF },
      now: 30 * HOUR + HALF,
      expected: 66 * HOUR + DELTA,
    },
    {
      name: "once a week cronjob, missed two runs",
      at: { schedule: "0 12 * * 4", last: 2 * HOUR },
      now: 19 * DAY + HOUR + HALF,
      expected: 48 * HOUR + HALF + DELTA,
    },
    {
      name: "no previous run of a cronjob",
      at: { schedule: "0 12 * * 5" },
      now: 6 * HOUR,
      expected: 20 * HOUR + DELTA,
    },
  ])("$name: when to look again", ({ at, now, expected }) => {
    const delay = nextRunDelay(cronJobOf(at), TOP + now, createCronSchedule(at.schedule));
    expect(delay).toBe(expected);
  });
});

test.each([
  { name: "both have no start", input: ["b", "a"], expected: ["a", "b"] },
  { name: "only the first has no start", input: ["a", "b@1"], expected: ["b@1", "a"] },
  { name: "only the second has no start", input: ["a@1", "b"], expected: ["a@1", "b"] },
  { name: "equal starts", input: ["b@1", "a@1"], expected: ["a@1", "b@1"] },
  { name: "different starts", input: ["a@2", "b@1"], expected: ["b@1", "a@2"] },
])("jobs by start: $name", ({ input, expected }) => {
  const jobs = input.map((text): Job => {
    const [name = "", start] = text.split("@");
    const status = start === undefined ? {} : { startTime: iso(TOP + Number(start) * HOUR) };
    return { ...JOB, metadata: { name }, spec: { template: {} } as Job["spec"], status };
  });
  const sorted = jobs.toSorted(byStart).map(({ metadata, status }) => {
    const at = status?.startTime;
    return at === undefined ? metadata.name : `${metadata.name}@${(Date.parse(at) - TOP) / HOUR}`;
  });
  expect(sorted).toEqual(expected);
});

const NAMESPACE = "default";
const REF = { ...CRON_JOB, name: "mycronjob", namespace: NAMESPACE };
const ON_THE_HOUR = "0 * * * ?";
const EVERY_HOUR = "@every 1h";
const SHORT = 10;
const MEDIUM = 7200;
const LONG = 1_000_000;
const PRIOR_BEFORE = -61 * MINUTE;
const PRIOR_AFTER = -59 * MINUTE;
const BEFORE = -MINUTE;
const AFTER = MINUTE;
const NEXT_BEFORE = 59 * MINUTE;
const WEEK_AFTER = 7 * DAY;

interface Situation extends Times {
  readonly policy?: "Allow" | "Forbid" | "Replace";
  readonly suspend?: boolean;
  readonly timeZone?: string;
  /** An earlier Job; `done` ten seconds after it was made. */
  readonly previous?: "done" | "active";
  readonly jobCreated?: number;
  readonly now: number;
}

interface Outcome {
  readonly created: number;
  readonly deleted: number;
  readonly active: number;
  readonly warnings: readonly string[];
  readonly requeueAfter: number | undefined;
}

async function seed(api: KubeApi, situation: Situation): Promise<void> {
  const { policy = "Allow", suspend = false, schedule, timeZone, deadline } = situation;
  const { previous, last = PRIOR_AFTER, jobCreated = PRIOR_AFTER } = situation;
  const template = {
    spec: { containers: [{ name: "c", image: "foo/bar" }], restartPolicy: "Never" },
  };
  const made = await api.create({
    ...CRON_JOB,
    metadata: { name: "mycronjob", namespace: NAMESPACE },
    spec: {
      schedule,
      suspend,
      concurrencyPolicy: policy,
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(deadline === undefined ? {} : { startingDeadlineSeconds: deadline }),
      jobTemplate: { metadata: { annotations: { x: "y" } }, spec: { template } },
    },
  });
  if (previous === undefined) return;
  const job = await api.create(earlierJob(made, TOP + jobCreated, template));
  const { name, namespace, uid } = job.metadata;
  const active = previous === "active" ? [{ kind: "Job", name, namespace, uid }] : [];
  const status = { lastScheduleTime: iso(TOP + last), active };
  await api.update({ ...made, status }, { subresource: "status" });
  if (previous === "active") return;
  const completionTime = iso(TOP + jobCreated + 10 * SECOND);
  const conditions = ["SuccessCriteriaMet", "Complete"].map((type) => ({ type, status: "True" }));
  const done = { startTime: iso(TOP + jobCreated), completionTime, conditions };
  await api.update({ ...job, status: done }, { subresource: "status" });
}

function earlierJob(owner: KubernetesObject, at: number, template: object): KubernetesObject {
  const { name, uid = "" } = owner.metadata;
  const reference = { apiVersion: "batch/v1", kind: "CronJob", name, uid, controller: true };
  return {
    ...JOB,
    metadata: {
      name: `${name}-${Math.floor(at / MINUTE)}`,
      namespace: NAMESPACE,
      ownerReferences: [reference],
    },
    spec: { template },
  };
}

interface Bench {
  readonly api: KubeApi;
  readonly clock: VirtualClock;
  readonly jobs: string[];
  begin(): Promise<void>;
}

/** The API, and the one controller when it begins. */
async function createBench(start: number): Promise<Bench> {
  const clock = createVirtualClock(start);
  const rng = createRng("cron");
  const cluster = createCluster({ name: "test", clock, rng, podCidr: "10.42.0.0/16" });
  await bootstrap(cluster);
  const { api } = cluster;
  const jobs: string[] = [];
  const begin = async (): Promise<void> => {
    api.watch(JOB, { resourceVersion: (await api.list(JOB)).resourceVersion }, ({ type }) => {
      if (type === "ADDED" || type === "DELETED") jobs.push(type);
    });
    runControllers([cronJobController], { api, clock, rng }).start();
    await clock.settle();
  };
  return { api, clock, jobs, begin };
}

async function syncOnce(situation: Situation): Promise<Outcome> {
  const { previous, created = previous === undefined ? BEFORE : PRIOR_BEFORE, now } = situation;
  const { api, clock, jobs, begin } = await createBench(TOP + created);
  await seed(api, situation);
  await clock.advanceTo(TOP + now);
  await begin();
  const { status } = (await api.get(REF)) as CronJob;
  if (previous === "done") {
    const { jobCreated = PRIOR_AFTER } = situation;
    expect(status?.lastSuccessfulTime).toBe(iso(TOP + jobCreated + 10 * SECOND));
  }
  const events = (await api.list({ apiVersion: "v1", kind: "Event" })).items;
  const warnings = events.filter((event) => event["type"] === "Warning");
  const next = clock.nextTimerAt();
  return {
    created: jobs.filter((type) => type === "ADDED").length,
    deleted: jobs.filter((type) => type === "DELETED").length,
    active: status?.active?.length ?? 0,
    warnings: warnings.map((event) => String(event["reason"])),
    requeueAfter: next === undefined ? undefined : next - TOP - now,
  };
}

const NOTHING = { created: 0, deleted: 0, active: 0, warnings: [], requeueAfter: undefined };
const UNTIL_ELEVEN = { ...NOTHING, requeueAfter: 59 * MINUTE + DELTA };
const CREATED = { ...UNTIL_ELEVEN, created: 1, active: 1 };
const SOON = { ...NOTHING, requeueAfter: MINUTE + DELTA };
const TOO_MANY = ["TooManyMissedTimes"];

interface Row {
  readonly name: string;
  readonly given: Omit<Situation, "schedule"> & { readonly schedule?: string };
  readonly expected: Outcome;
}

/** Rows that say the same for every policy. */
const FOR_EACH_POLICY: readonly Row[] = (["Allow", "Forbid", "Replace"] as const).flatMap(
  (policy): readonly Row[] => [
    { name: `never ran, not time, ${policy}`, given: { policy, now: BEFORE }, expected: SOON },
    { name: `never ran, is time, ${policy}`, given: { policy, now: AFTER }, expected: CREATED },
    {
      name: `prev ran but done, not time, ${policy}`,
      given: { policy, previous: "done", now: BEFORE },
      expected: SOON,
    },
    {
      name: `prev ran but done, is time, ${policy}`,
      given: { policy, previous: "done", now: AFTER },
      expected: CREATED,
    },
    {
      name: `still active, not time, ${policy}`,
      given: { policy, previous: "active", now: BEFORE },
      expected: { ...SOON, active: 1 },
    },
    ...[LONG, undefined].map((deadline) => ({
      name: `prev ran but done, long overdue, deadline ${deadline}, ${policy}`,
      given: {
        policy,
        previous: "done" as const,
        now: WEEK_AFTER,
        ...(deadline === undefined ? {} : { deadline }),
      },
      expected: { ...CREATED, warnings: TOO_MANY, requeueAfter: HOUR + DELTA },
    })),
    ...[MEDIUM, SHORT].map((deadline) => ({
      name: `prev ran but done, long overdue, past deadline ${deadline}, ${policy}`,
      given: { policy, previous: "done" as const, deadline, now: WEEK_AFTER },
      expected: { ...CREATED, requeueAfter: HOUR + DELTA },
    })),
  ],
);

const ROWS: readonly Row[] = [
  {
    name: "never ran, not time in zone",
    given: { timeZone: "America/New_York", now: BEFORE },
    expected: SOON,
  },
  {
    name: "never ran, is time in zone",
    given: { timeZone: "America/New_York", now: AFTER },
    expected: CREATED,
  },
  {
    name: "never ran, is time, suspended",
    given: { suspend: true, now: AFTER },
    expected: NOTHING,
  },
  {
    name: "never ran, is time, past deadline",
    given: { deadline: SHORT, now: AFTER + 11 * MINUTE },
    expected: { ...NOTHING, requeueAfter: 48 * MINUTE + DELTA },
  },
  {
    name: "never ran, is time, not past deadline",
    given: { deadline: LONG, now: AFTER },
    expected: CREATED,
  },
  {
    name: "prev ran but done, is time, suspended",
    given: { suspend: true, previous: "done", now: AFTER },
    expected: NOTHING,
  },
  {
    name: "prev ran but done, is time, past deadline",
    given: { deadline: SHORT, previous: "done", now: AFTER },
    expected: UNTIL_ELEVEN,
  },
  {
    name: "prev ran but done, is time, not past deadline",
    given: { deadline: LONG, previous: "done", now: AFTER },
    expected: CREATED,
  },
  {
    name: "still active, is time, A",
    given: { previous: "active", now: AFTER },
    expected: { ...CREATED, active: 2 },
  },
  {
    name: "still active, is time, F",
    given: { policy: "Forbid", previous: "active", now: AFTER },
    expected: { ...UNTIL_ELEVEN, active: 1 },
  },
  {
    name: "still active, is time, R",
    given: { policy: "Replace", previous: "active", now: AFTER },
    expected: { ...CREATED, deleted: 1 },
  },
  {
    name: "still active, is time, suspended",
    given: { suspend: true, previous: "active", now: AFTER },
    expected: { ...NOTHING, active: 1 },
  },
  {
    name: "still active, is time, past deadline",
    given: { deadline: SHORT, previous: "active", now: AFTER },
    expected: { ...UNTIL_ELEVEN, active: 1 },
  },
  {
    name: "still active, is time, not past deadline",
    given: { deadline: LONG, previous: "active", now: AFTER },
    expected: { ...CREATED, active: 2 },
  },
  {
    name: "this ran but done, time drifted back, F",
    given: { policy: "Forbid", previous: "done", jobCreated: AFTER, now: BEFORE },
    expected: SOON,
  },
  {
    name: "with @every schedule, never ran, not time",
    given: { schedule: EVERY_HOUR, now: 0 },
    expected: UNTIL_ELEVEN,
  },
  {
    name: "with @every schedule, never ran, is time",
    given: { schedule: EVERY_HOUR, created: PRIOR_BEFORE, now: BEFORE },
    expected: { ...CREATED, requeueAfter: HOUR + DELTA },
  },
  {
    name: "with @every schedule, never ran, is time, past deadline",
    given: {
      schedule: EVERY_HOUR,
      deadline: SHORT,
      created: PRIOR_BEFORE,
      now: BEFORE + 11 * SECOND,
    },
    expected: { ...NOTHING, requeueAfter: HOUR - 11 * SECOND + DELTA },
  },
  {
    name: "with @every schedule, never ran, is time, not past deadline",
    given: {
      schedule: EVERY_HOUR,
      deadline: LONG,
      created: PRIOR_BEFORE,
      now: BEFORE + 9 * SECOND,
    },
    expected: { ...CREATED, requeueAfter: HOUR - 9 * SECOND + DELTA },
  },
  {
    name: "with @every schedule, prev ran but done, not time",
    given: {
      schedule: EVERY_HOUR,
      previous: "done",
      jobCreated: PRIOR_BEFORE,
      last: BEFORE,
      now: 0,
    },
    expected: UNTIL_ELEVEN,
  },
  {
    name: "with @every schedule, prev ran but done, is time",
    given: {
      schedule: EVERY_HOUR,
      previous: "done",
      jobCreated: PRIOR_BEFORE,
      last: BEFORE,
      now: HOUR,
    },
    expected: CREATED,
  },
  {
    name: "with @every schedule, prev ran but done, is time, past deadline",
    given: {
      schedule: EVERY_HOUR,
      deadline: SHORT,
      previous: "done",
      jobCreated: PRIOR_BEFORE,
      last: BEFORE,
      now: NEXT_BEFORE + 11 * SECOND,
    },
    expected: { ...NOTHING, requeueAfter: HOUR - 11 * SECOND + DELTA },
  },
  {
    name: "with @every schedule, still active, not time",
    given: { schedule: EVERY_HOUR, previous: "active", jobCreated: BEFORE, last: BEFORE, now: 0 },
    expected: { ...UNTIL_ELEVEN, active: 1 },
  },
  {
    name: "with @every schedule, still active, is time",
    given: {
      schedule: EVERY_HOUR,
      previous: "active",
      jobCreated: PRIOR_BEFORE,
      last: PRIOR_BEFORE,
      now: AFTER,
    },
    expected: { ...CREATED, active: 2, requeueAfter: 58 * MINUTE + DELTA },
  },
  {
    name: "with @every schedule, still active, is time, past deadline",
    given: {
      schedule: EVERY_HOUR,
      deadline: SHORT,
      previous: "active",
      jobCreated: BEFORE,
      last: BEFORE,
      now: NEXT_BEFORE + 11 * SECOND,
    },
    expected: { ...NOTHING, active: 1, requeueAfter: HOUR - 11 * SECOND + DELTA },
  },
  {
    name: "with @every schedule, still active, is time, not past deadline",
    given: {
      schedule: EVERY_HOUR,
      deadline: LONG,
      previous: "active",
      jobCreated: BEFORE,
      last: BEFORE,
      now: NEXT_BEFORE + 9 * SECOND,
    },
    expected: { ...CREATED, active: 2, requeueAfter: HOUR - 9 * SECOND + DELTA },
  },
  {
    name: "with @every schedule, prev ran but done, long overdue, no deadline",
    given: {
      schedule: EVERY_HOUR,
      created: PRIOR_AFTER,
      previous: "done",
      last: AFTER,
      now: WEEK_AFTER,
    },
    expected: { ...CREATED, warnings: TOO_MANY, requeueAfter: MINUTE + DELTA },
  },
  {
    name: "with @every schedule, prev ran but done, long overdue, past deadline",
    given: {
      schedule: EVERY_HOUR,
      deadline: SHORT,
      created: PRIOR_AFTER,
      previous: "done",
      last: AFTER,
      now: WEEK_AFTER + MINUTE + 11 * SECOND,
    },
    expected: { ...NOTHING, requeueAfter: HOUR - 11 * SECOND + DELTA },
  },
];

describe("one look at a CronJob", () => {
  test.each([...FOR_EACH_POLICY, ...ROWS])("$name", async ({ given, expected }) => {
    expect(await syncOnce({ schedule: ON_THE_HOUR, ...given })).toEqual(expected);
  });
});

describe("a CronJob and Jobs that it did not start", () => {
  const template = {
    spec: { containers: [{ name: "c", image: "i:1" }], restartPolicy: "Never" },
  };
  const reasonsOf = async (api: KubeApi) =>
    (await api.list({ apiVersion: "v1", kind: "Event" })).items.map(({ reason }) => reason);

  test("a Job made by hand is mentioned, and does not count for Forbid", async () => {
    const { api, clock, begin } = await createBench(TOP + BEFORE);
    await seed(api, { policy: "Forbid", schedule: ON_THE_HOUR, now: 0 });
    const owner = await api.get(REF);
    const byHand = earlierJob(owner, TOP + BEFORE, template);
    await api.create({ ...byHand, metadata: { ...byHand.metadata, name: "by-hand" } });
    await clock.advanceTo(TOP + AFTER);
    await begin();
    const { status } = (await api.get(REF)) as CronJob;
    expect(status?.active?.map(({ name }) => name)).toEqual([`mycronjob-${TOP / MINUTE}`]);
    expect(await reasonsOf(api)).toEqual(expect.arrayContaining(["UnexpectedJob"]));
  });

  test("a Job of the run that is there already is taken for its own, but not another's", async () => {
    for (const [owned, active] of [
      [true, 1],
      [false, 0],
    ] as const) {
      const { api, clock, begin, jobs } = await createBench(TOP + BEFORE);
      await seed(api, { schedule: ON_THE_HOUR, now: 0 });
      const { metadata, ...rest } = earlierJob(await api.get(REF), TOP, template);
      const { ownerReferences: _owners, ...alone } = metadata;
      await api.create({ ...rest, metadata: owned ? metadata : alone });
      await clock.advanceTo(TOP + AFTER);
      await begin();
      const { status } = (await api.get(REF)) as CronJob;
      expect(status?.active?.length ?? 0).toBe(active);
      expect(jobs).toEqual([]);
    }
  });

  test("an active Job that is gone leaves the list", async () => {
    const { api, clock, begin } = await createBench(TOP + PRIOR_BEFORE);
    await seed(api, { schedule: ON_THE_HOUR, previous: "active", now: 0 });
    const [job] = (await api.list(JOB)).items;
    await api.delete({ ...JOB, name: job?.metadata.name ?? "", namespace: NAMESPACE });
    await clock.advanceTo(TOP + BEFORE);
    await begin();
    expect(((await api.get(REF)) as CronJob).status?.active).toBeUndefined();
    expect(await reasonsOf(api)).toEqual(["MissingJob"]);
  });
});

describe("a changed schedule", () => {
  test.each([
    { name: "another schedule", from: "30 * * * *", to: "*/1 * * * *", delay: SECOND + DELTA },
    { name: "@every, slower", from: "@every 1m", to: "@every 3m", delay: 121 * SECOND + DELTA },
    { name: "@every, faster", from: "@every 3m", to: "@every 1m", delay: SECOND + DELTA },
  ])("$name counts from the last run on", async ({ from, to, delay }) => {
    const { api, clock, begin, jobs } = await createBench(TOP + BEFORE);
    await seed(api, { schedule: from, suspend: true, now: 0 });
    const status = { lastScheduleTime: iso(TOP + BEFORE) };
    await api.update({ ...(await api.get(REF)), status }, { subresource: "status" });
    await clock.advanceTo(TOP - SECOND);
    await begin();
    await api.patch(REF, { type: "merge", body: { spec: { schedule: to, suspend: false } } });
    await clock.settle();
    expect((clock.nextTimerAt() ?? 0) - clock.now()).toBe(delay);
    expect(jobs).toEqual([]);
  });

  test("runs that it would have had before are not made up for", async () => {
    const { api, clock, begin, jobs } = await createBench(TOP + PRIOR_BEFORE);
    await seed(api, { schedule: "0 0 1 1 *", now: 0 });
    await begin();
    await clock.advanceTo(TOP + AFTER);
    await api.patch(REF, { type: "merge", body: { spec: { schedule: "*/5 * * * *" } } });
    await clock.advanceBy(MINUTE);
    expect(jobs).toEqual([]);
    await clock.advanceBy(4 * MINUTE);
    expect(jobs).toEqual(["ADDED"]);
  });
});
