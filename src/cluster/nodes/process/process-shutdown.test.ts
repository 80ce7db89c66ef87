// A cluster that is stopped while containers start: no process may begin after the last one was looked for.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { Pod } from "../../../kubernetes/index.ts";
import { pidsWithVariable } from "./process-table.ts";
import { RUN_VARIABLE } from "./running-processes.ts";
import { startProcessCluster } from "./testing/process-cluster.ts";

const IDLE = "setInterval(() => {}, 1e6);";
const isTakenOver = ({ status }: Pod): boolean => status?.startTime !== undefined;

test.skipIf(process.platform !== "linux")("nothing starts behind the stop", async () => {
  const folder = mkdtempSync(join(tmpdir(), "keelson-shutdown-"));
  const cluster = await startProcessCluster({ folder });
  const names = Array.from({ length: 12 }, (_, index) => `pod-${index}`);
  for (const name of names) await cluster.run(name, { script: IDLE });
  // Some run by now, some are being started, some have yet to be looked at.
  const pods = [await cluster.until("pod-0", isTakenOver)];
  for (const name of names) pods.push(await cluster.get(name));
  await cluster.stop();
  rmSync(folder, { recursive: true });
  const runs = pods.map(({ metadata }) => `${folder}#${metadata.uid}/c/0`);
  expect(runs.flatMap((run) => pidsWithVariable(RUN_VARIABLE, run))).toEqual([]);
});
