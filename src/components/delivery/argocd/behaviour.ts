// How Argo CD acts inside an embedded cluster: ApplicationSets make Applications, Applications are built from git and synced.

import type { Behaviour } from "../../../model/index.ts";
import { applicationController } from "./behaviour/application-controller.ts";
import { applicationSetController } from "./behaviour/application-set-controller.ts";

export const behaviour: Behaviour = {
  source: "argoproj/argo-cd controller/ and applicationset/, gitops-engine pkg/{cache,sync}, v3.5",
  controllers: (context) => [applicationSetController(context), applicationController(context)],
};
