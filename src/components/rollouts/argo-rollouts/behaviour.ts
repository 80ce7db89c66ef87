// How Argo Rollouts acts inside an embedded cluster: ReplicaSets, steps, pauses, promotion, abort. AnalysisRuns.

import type { Behaviour } from "../../../model/index.ts";
import { analysisRunController } from "./behaviour/analysis-run-controller.ts";
import { rolloutController } from "./behaviour/rollout-controller.ts";
import { RELEASE } from "./surface.ts";

export const behaviour: Behaviour = {
  source: "argoproj/argo-rollouts rollout/, v1.9.1; analyses by web answers; without experiments",
  workload: RELEASE,
  controllers: (context) => [rolloutController, analysisRunController(context)],
};
