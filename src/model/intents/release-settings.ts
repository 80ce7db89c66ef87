// How a release is read.

import type { Diagnostic, Path } from "../../core/index.ts";
import { parseDuration } from "../../core/index.ts";
import type { PlannedAnalysis, PlannedRelease } from "../contracts/plan.ts";
import { contradiction } from "../diagnostics.ts";
import { either, oneOf, union } from "../schema/choice.ts";
import { list } from "../schema/list.ts";
import { integer } from "../schema/number.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import { refine, transform } from "../schema/refine.ts";
import type { Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";
import type { Analysis, BlueGreenRelease, CanaryRelease, Release, RollingRelease } from "./app.ts";

type Planned<Kind> = Omit<Extract<PlannedRelease, { kind: Kind }>, "kind">;

const rolling = refine(
  object<RollingRelease, Planned<"rolling">>({
    maxSurge: optional(integer({ min: 0 }), 1),
    maxUnavailable: optional(integer({ min: 0 }), 0),
  }),
  checkRolling,
);

interface AnalysisSettings {
  readonly path?: string;
  readonly errorRate?: number;
  readonly latency?: string;
  readonly interval: string;
  readonly failures: number;
  readonly count: number;
}

const analysis = transform(
  refine(
    object<Analysis, AnalysisSettings>({
      path: optional(string("urlPath")),
      errorRate: optional(integer({ min: 0, max: 100 })),
      latency: optional(string("duration")),
      interval: optional(string("duration"), "30s"),
      failures: optional(integer({ min: 0 }), 1),
      count: optional(integer({ min: 1 }), 5),
    }),
    checkAnalysis,
  ),
  ({ latency, interval, ...read }): PlannedAnalysis => ({
    ...read,
    ...(latency === undefined ? {} : { latencyMs: milliseconds(latency) }),
    intervalMs: milliseconds(interval),
  }),
);

interface CanarySettings {
  readonly steps: readonly number[];
  readonly pause: string;
  readonly analysis?: PlannedAnalysis;
}

const canary = transform(
  refine(
    object<CanaryRelease, CanarySettings>({
      steps: list(integer({ min: 1, max: 100 }), { min: 1 }),
      pause: optional(either(oneOf(["manual"]), string("duration")), "5m"),
      analysis: optional(analysis),
    }),
    checkSteps,
  ),
  ({ pause, ...read }): Planned<"canary"> => ({
    ...read,
    ...(pause === "manual" ? {} : { pauseMs: milliseconds(pause) }),
  }),
);

interface BlueGreenSettings {
  readonly promotion: "automatic" | "manual";
  readonly keepOld: string;
  readonly analysis?: PlannedAnalysis;
}

const blueGreen = transform(
  object<BlueGreenRelease, BlueGreenSettings>({
    promotion: optional(oneOf(["automatic", "manual"]), "automatic"),
    keepOld: optional(string("duration"), "10m"),
    analysis: optional(analysis),
  }),
  ({ keepOld, ...read }): Planned<"blue-green"> => ({
    ...read,
    keepOldMs: milliseconds(keepOld),
  }),
);

export const releaseSchema: Schema<Release, PlannedRelease> = union<Release, PlannedRelease>(
  "release",
  { rolling, canary, "blue-green": blueGreen },
);

const milliseconds = (duration: string): number => parseDuration(duration) ?? 0;

function checkRolling({ maxSurge, maxUnavailable }: Planned<"rolling">, path: Path): Diagnostic[] {
  if (maxSurge > 0 || maxUnavailable > 0) return [];
  return [
    contradiction(path, {
      message: "with maxSurge 0 and maxUnavailable 0 no pod can ever be replaced",
      hint: "leave maxSurge out: it is 1",
    }),
  ];
}

/** Shares of traffic only ever grow. */
function checkSteps({ steps }: CanarySettings, path: Path): Diagnostic[] {
  const at = steps.findIndex((step, index) => step < (steps[index - 1] ?? 0));
  if (at < 0) return [];
  return [
    contradiction([...path, "steps", at], {
      message: `a step of ${steps[at]} % follows one of ${steps[at - 1]} %`,
      hint: `list the steps in order: ${steps.toSorted((a, b) => a - b).join(", ")}`,
    }),
  ];
}

function checkAnalysis(read: AnalysisSettings, path: Path): Diagnostic[] {
  const { errorRate, latency, interval } = read;
  if (read.path === undefined && errorRate === undefined && latency === undefined) {
    return [
      contradiction(path, {
        message: "an analysis that judges nothing lets every version pass",
        hint: 'add errorRate: 5, latency: "500ms" or path: "/readyz"',
      }),
    ];
  }
  if (milliseconds(interval) >= 1000) return [];
  return [
    contradiction([...path, "interval"], {
      message: "measurements less than a second apart say nothing new",
      hint: 'write interval: "30s"',
    }),
  ];
}
