// How a release is read.

import type { Diagnostic, Path } from "../../core/index.ts";
import type { PlannedRelease } from "../contracts/plan.ts";
import { contradiction } from "../diagnostics.ts";
import { union } from "../schema/choice.ts";
import { list } from "../schema/list.ts";
import { integer } from "../schema/number.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import { refine } from "../schema/refine.ts";
import type { Schema } from "../schema/schema.ts";
import type { CanaryRelease, Release, RollingRelease } from "./intents.ts";

type Planned<Kind> = Omit<Extract<PlannedRelease, { kind: Kind }>, "kind">;

const rolling = refine(
  object<RollingRelease, Planned<"rolling">>({
    maxSurge: optional(integer({ min: 0 }), 1),
    maxUnavailable: optional(integer({ min: 0 }), 0),
  }),
  checkRolling,
);

const canary = refine(
  object<CanaryRelease, Planned<"canary">>({
    steps: list(integer({ min: 1, max: 100 }), { min: 1 }),
  }),
  checkSteps,
);

const blueGreen = object<Record<never, never>>({});

export const releaseSchema: Schema<Release, PlannedRelease> = union<Release, PlannedRelease>(
  "release",
  { rolling, canary, "blue-green": blueGreen },
);

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
function checkSteps({ steps }: Planned<"canary">, path: Path): Diagnostic[] {
  const at = steps.findIndex((step, index) => step < (steps[index - 1] ?? 0));
  if (at < 0) return [];
  return [
    contradiction([...path, "steps", at], {
      message: `a step of ${steps[at]} % follows one of ${steps[at - 1]} %`,
      hint: `list the steps in order: ${steps.toSorted((a, b) => a - b).join(", ")}`,
    }),
  ];
}
