// Enables schedules and makes a backup whenever one is due. The first run counts from the schedule's creation, as upstream.

import { createCronSchedule, formatInstant, validateCron } from "../../../../core/index.ts";
import type { ControllerContext, ControllerFactory } from "../../../../kubernetes/index.ts";
import {
  BACKUP,
  keyOf,
  partsOf,
  SCHEDULE,
  SCHEDULE_LABEL,
  writeStatus,
  type Schedule,
} from "./resources.ts";

export const scheduleController: ControllerFactory = (context) => {
  const schedules = context.informer(SCHEDULE);
  return {
    name: "velero-schedule",
    setup: (enqueue) => schedules.onChange((current) => current && enqueue(keyOf(current))),
    async reconcile(key) {
      const { namespace, name } = partsOf(key);
      const schedule = schedules.get(name, namespace) as Schedule | undefined;
      if (schedule === undefined) return;
      const { zone, text } = zoned(schedule.spec.schedule);
      if (validateCron(text).length > 0) {
        if (schedule.status?.phase !== "FailedValidation")
          await writeStatus(context, SCHEDULE, key, { phase: "FailedValidation" });
        return;
      }
      if (schedule.status?.phase !== "Enabled") {
        await writeStatus(context, SCHEDULE, key, { phase: "Enabled" });
        return;
      }
      if (schedule.spec.paused === true) return;
      const now = context.clock.now();
      const { lastBackup } = schedule.status;
      const since = Date.parse(lastBackup ?? schedule.metadata.creationTimestamp ?? "");
      const due = createCronSchedule(text, zone).nextRun(since);
      if (due === undefined) return;
      if (due > now) return { requeueAfterMs: due - now };
      await makeBackup(context, schedule, now);
      await writeStatus(context, SCHEDULE, key, { lastBackup: formatInstant(now) });
    },
  };
};

/** `CRON_TZ=Europe/Berlin 0 3 * * *`. */
function zoned(text: string): { readonly zone: string; readonly text: string } {
  const [, zone = "UTC", rest = text] = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(text) ?? [];
  return { zone, text: rest };
}

async function makeBackup(
  { api }: ControllerContext,
  { metadata, spec }: Schedule,
  now: number,
): Promise<void> {
  const stamp = formatInstant(now).replace(/[-:TZ]|\.\d+/g, "");
  await api.create({
    ...BACKUP,
    metadata: {
      name: `${metadata.name}-${stamp}`,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels: { [SCHEDULE_LABEL]: metadata.name, "keelson.dev/simulated": "true" },
    },
    spec: spec.template,
  });
}
