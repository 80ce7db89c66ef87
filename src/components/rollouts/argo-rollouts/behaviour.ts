// How Argo Rollouts acts inside an embedded cluster: ReplicaSets, steps, pauses, promotion, abort. Analyses are not run.

import type { Behaviour } from "../../../model/index.ts";
import { rolloutController } from "./behaviour/rollout-controller.ts";
import { RELEASE } from "./surface.ts";

export const behaviour: Behaviour = {
  source: "argoproj/argo-rollouts rollout/, v1.9.1; without analysis runs and experiments",
  workload: RELEASE,
  controllers: () => [rolloutController],
};
