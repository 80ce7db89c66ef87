// What is promised when things are lost, against what is copied: T-04, T-05's first half, T-21.

import fc from "fast-check";
import { expect, it } from "vitest";

import { DAY_MS, HOUR_MS } from "../../core/index.ts";
import type { Plan, PlannedBackup, PlannedCluster } from "../../model/index.ts";
import { viewOf } from "../testing/platform.ts";
import { checkRecovery } from "./recovery.ts";

const backup = (schedule: string, keepMs = 7 * DAY_MS, timeZone = "Etc/UTC"): PlannedBackup => ({
  of: "databases",
  schedule,
  timeZone,
  keepMs,
  origin: ["backup", "databases"],
});

const served = (host: string): Partial<PlannedCluster> =>
  ({
    databases: [
      {
        kind: "database",
        name: "orders",
        binding: { endpoint: { kind: "external", name: host, addresses: [] }, port: 5432 },
      },
    ],
    queues: [],
    buckets: [],
    caches: [],
    streams: [],
    // Only what the rule reads.
  }) as unknown as Partial<PlannedCluster>;

interface Row {
  readonly name: string;
  readonly cluster: Partial<PlannedCluster>;
  readonly rpo?: Readonly<Record<string, number>>;
  readonly standby?: string;
  readonly others?: readonly Partial<PlannedCluster>[];
  readonly codes: readonly string[];
}

const NAME = "local";
const HOURLY = { backups: [backup("0 * * * *")] };
const ROWS: readonly Row[] = [
  {
    name: "a daily dump, and an hour that may be lost (T-04)",
    cluster: { backups: [backup("0 3 * * *")] },
    rpo: { databases: HOUR_MS },
    codes: ["verify/recovery-point-missed"],
  },
  { name: "an hourly one", cluster: HOURLY, rpo: { databases: HOUR_MS }, codes: [] },
  {
    name: "a day of 25 hours in autumn",
    cluster: { backups: [backup("0 3 * * *", 7 * DAY_MS, "Europe/Berlin")] },
    rpo: { databases: DAY_MS },
    codes: ["verify/recovery-point-missed"],
  },
  {
    name: "no backup at all",
    cluster: { backups: [] },
    rpo: { databases: HOUR_MS },
    codes: ["verify/recovery-point-unbacked"],
  },
  {
    name: "copies gone before the next is made (T-05)",
    cluster: { backups: [backup("0 3 * * 0", 6 * DAY_MS)] },
    codes: ["verify/retention-below-schedule"],
  },
  {
    name: "copies that last",
    cluster: { backups: [backup("0 3 * * 0", 13 * DAY_MS)] },
    codes: [],
  },
  {
    name: "a standby on the primary's own database (T-21)",
    cluster: { ...HOURLY, ...served("db.cloud.example.com") },
    standby: NAME,
    others: [{ name: "cloud", ...served("db.cloud.example.com") }],
    codes: ["verify/standby-on-same-service"],
  },
  {
    name: "a standby with its own",
    cluster: { ...HOURLY, ...served("db.office.example.com") },
    standby: NAME,
    others: [{ name: "cloud", ...served("db.cloud.example.com") }],
    codes: [],
  },
];

function codesOf({
  cluster,
  rpo = {},
  standby,
  others = [],
}: Omit<Row, "name" | "codes">): string[] {
  const view = viewOf({ cluster });
  const plan = {
    ...view.plan,
    clusters: others,
    recovery: {
      primary: standby === undefined ? NAME : "cloud",
      ...(standby === undefined ? {} : { standby }),
      rtoMs: HOUR_MS,
      rpoMs: rpo,
      path: ["recovery"],
    },
  } as unknown as Plan;
  return [...checkRecovery({ ...view, plan })].map(({ code }) => code);
}

it.each(ROWS)("$name", ({ codes, ...row }) => {
  expect(codesOf(row)).toEqual(codes);
});

it("agrees with the arithmetic of every N hours", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 2, 3, 4, 6, 8, 12, 24),
      fc.integer({ min: 1, max: 48 }),
      fc.integer({ min: 1, max: 48 }),
      (every, rpoHours, keepHours) => {
        const schedule = every === 24 ? "0 0 * * *" : `0 */${every} * * *`;
        const cluster = { backups: [backup(schedule, keepHours * HOUR_MS)] };
        expect(codesOf({ cluster, rpo: { databases: rpoHours * HOUR_MS } })).toEqual([
          ...(every > rpoHours ? ["verify/recovery-point-missed"] : []),
          ...(keepHours < every ? ["verify/retention-below-schedule"] : []),
        ]);
      },
    ),
    { numRuns: 60 },
  );
});
