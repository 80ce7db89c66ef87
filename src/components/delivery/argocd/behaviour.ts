// How Argo CD acts inside an embedded cluster: ApplicationSets make Applications, Applications are built from git and synced.

import type { Behaviour } from "../../../model/index.ts";
import { applicationController, RECONCILIATION_MS } from "./behaviour/application-controller.ts";
import { applicationSetController } from "./behaviour/application-set-controller.ts";
import { webhookAnswers } from "./behaviour/webhook-answers.ts";
import { withRevisionCache } from "./behaviour/revision-cache.ts";

export const behaviour: Behaviour = {
  source: "argoproj/argo-cd controller/ and applicationset/, gitops-engine pkg/{cache,sync}, v3.5",
  workload: "argocd-application-controller",
  controllers: (context) => {
    const cached = {
      ...context,
      git: withRevisionCache(context.git, context.clock, RECONCILIATION_MS),
    };
    return [applicationSetController(cached), applicationController(cached)];
  },
  answers: webhookAnswers,
};
