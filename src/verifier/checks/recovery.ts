// Whether backups keep what `recovery` promises: no more is lost than between two of them, one is always there, and what takes
// over does not stand on what failed.

import type { Diagnostic } from "../../core/index.ts";
import { DAY_MS, defineDiagnostic, HOUR_MS, longestGap, MINUTE_MS } from "../../core/index.ts";
import type { PlannedCluster } from "../../model/index.ts";
import { SERVED_PLACES } from "../../model/index.ts";
import type { Check, TargetView } from "../target-view.ts";

export const recoveryPointMissed = defineDiagnostic<{ of: string; gap: string; rpo: string }>({
  code: "verify/recovery-point-missed",
  severity: "error",
  message: ({ of, gap, rpo }) =>
    `up to ${gap} of ${of} are lost between two backups, and recovery.rpo allows ${rpo}`,
  hint: ({ rpo }) => `run it at least every ${rpo}, or ship the log of changes`,
});

export const recoveryPointUnbacked = defineDiagnostic<{ of: string; cluster: string; rpo: string }>(
  {
    code: "verify/recovery-point-unbacked",
    severity: "error",
    message: ({ of, cluster, rpo }) =>
      `recovery.rpo allows ${rpo} of ${of} to be lost, and nothing on ${cluster} backs them up`,
    hint: ({ of }) => `add a backup of ${of}, or drop it from recovery.rpo`,
  },
);

export const retentionBelowSchedule = defineDiagnostic<{ of: string; keep: string; gap: string }>({
  code: "verify/retention-below-schedule",
  severity: "error",
  message: ({ of, keep, gap }) =>
    `copies of ${of} are kept for ${keep}, and up to ${gap} pass until the next one: none is left then`,
  hint: ({ gap }) => `keep them for longer than ${gap}`,
});

export const standbyOnSameService = defineDiagnostic<{
  standby: string;
  primary: string;
  what: string;
  where: string;
}>({
  code: "verify/standby-on-same-service",
  severity: "error",
  message: ({ standby, primary, what, where }) =>
    `${standby} takes over when ${primary} fails, and its ${what} is the same ${where}`,
  hint: ({ standby }) =>
    `give ${standby} its own under overrides.<environment>.clusters.${standby}.providers, with replication to it`,
});

/** Any year will do; this one keeps results the same. */
const FROM = Date.UTC(2026, 0, 1);

export const checkRecovery: Check = function* (view) {
  const { cluster, plan } = view;
  const { recovery } = plan;
  for (const { of, schedule, timeZone, keepMs, origin } of cluster.backups) {
    const gap = longestGap(schedule, FROM, timeZone);
    if (gap === undefined) continue;
    const rpo = recovery?.rpoMs[of];
    if (rpo !== undefined && gap > rpo) {
      const facts = { of, gap: written(gap), rpo: written(rpo) };
      yield recoveryPointMissed([...origin, "schedule"], facts);
    }
    if (keepMs < gap) {
      const facts = { of, keep: written(keepMs), gap: written(gap) };
      yield retentionBelowSchedule([...origin, "keep"], facts);
    }
  }
  if (recovery === undefined) return;
  if (recovery.primary === cluster.name) {
    for (const [of, rpo] of Object.entries(recovery.rpoMs)) {
      if (cluster.backups.some((backup) => backup.of === of)) continue;
      const facts = { of, cluster: cluster.name, rpo: written(rpo) };
      yield recoveryPointUnbacked([...recovery.path, "rpo", of], facts);
    }
  }
  if (recovery.standby === cluster.name) yield* sharedServices(view, recovery.primary);
};

/** Something outside that both clusters depend on fails for both. */
function* sharedServices({ cluster, plan }: TargetView, primary: string): Generator<Diagnostic> {
  const other = plan.clusters.find(({ name }) => name === primary);
  if (other === undefined) return;
  const theirs = new Map(outsideServices(other));
  for (const [what, where] of outsideServices(cluster)) {
    if (theirs.get(what) !== where) continue;
    const path = plan.recovery?.path ?? [];
    yield standbyOnSameService([...path, "standby"], {
      standby: cluster.name,
      primary,
      what,
      where,
    });
  }
}

/** `database orders` → where it is. */
function outsideServices(cluster: PlannedCluster): (readonly [string, string])[] {
  return SERVED_PLACES.flatMap((place) =>
    cluster[place].flatMap(({ kind, name, binding: { endpoint, port } }) => {
      if (endpoint.kind !== "external") return [];
      return [[`${kind} ${name}`, `${endpoint.name}:${port}`] as const];
    }),
  );
}

function written(ms: number): string {
  if (ms % DAY_MS === 0) return `${ms / DAY_MS}d`;
  return ms % HOUR_MS === 0 ? `${ms / HOUR_MS}h` : `${Math.ceil(ms / MINUTE_MS)}m`;
}
