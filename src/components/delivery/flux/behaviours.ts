// How Flux acts inside an embedded cluster: each controller while its own pods are ready.

import type { Behaviour } from "../../../model/index.ts";
import { helmController } from "./behaviour/helm-controller.ts";
import { imageAutomation } from "./behaviour/image-automation.ts";
import { imageReflectors } from "./behaviour/image-reflector.ts";
import { kustomizeController } from "./behaviour/kustomize-controller.ts";
import { sourceControllers } from "./behaviour/source-controller.ts";

export const behaviours: readonly Behaviour[] = [
  {
    source: "fluxcd/source-controller internal/controller, v1.8",
    workload: "source-controller",
    controllers: sourceControllers,
  },
  {
    source: "fluxcd/kustomize-controller internal/controller, v1.8",
    workload: "kustomize-controller",
    controllers: (context) => [kustomizeController(context)],
  },
  {
    source: "fluxcd/helm-controller internal/controller, v1.5",
    workload: "helm-controller",
    controllers: (context) => [helmController(context)],
  },
  {
    source: "fluxcd/image-reflector-controller internal/controller, v1.1",
    workload: "image-reflector-controller",
    controllers: imageReflectors,
  },
  {
    source: "fluxcd/image-automation-controller internal/controller, v1.1",
    workload: "image-automation-controller",
    controllers: imageAutomation,
  },
];
