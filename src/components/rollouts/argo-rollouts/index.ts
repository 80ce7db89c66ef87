// Argo Rollouts: canary and blue/green releases of apps that ask for them, with or without analysis, on whatever splits traffic.

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission, EmittedObject } from "../../../model/index.ts";
import { chartRelease, emitterFor, metadataOf, servicesOf } from "../../manifests/index.ts";
import { analysisTemplate } from "./analysis-template.ts";
import { decorateReleased } from "./decorate.ts";
import { argoRolloutsSchema, type ArgoRolloutsOptions } from "./options.ts";
import { releasedApps, type Released } from "./released.ts";
import { rolloutOf } from "./rollout.ts";
import { argoRolloutsSurface, CHART, NAMESPACE, RELEASE } from "./surface.ts";
import { argoRolloutsValues } from "./values.ts";

const AREA = "infrastructure/delivery";

export const argoRolloutsFiller = defineSlotFiller<ArgoRolloutsOptions>({
  name: "argo-rollouts",
  slot: "rollouts",
  area: AREA,
  provides: ["progressiveDelivery"],
  releaseServices: (app) => ({ stable: app, candidate: `${app}-canary` }),
  options: argoRolloutsSchema,
  surface: argoRolloutsSurface,
  emit: emitArgoRollouts,
  decorate: decorateReleased,
  apiGroups: ["argoproj.io"],
  crds: async () => [(await import("./crds.facts.ts")).argoRolloutsCrdFacts],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function emitArgoRollouts(context: EmitContext, options: ArgoRolloutsOptions): Emission {
  const { cluster } = context;
  return {
    charts: [
      chartRelease(context, {
        chart: CHART,
        name: RELEASE,
        namespace: NAMESPACE,
        area: AREA,
        values: argoRolloutsValues(cluster, options),
      }),
    ],
    objects: releasedApps(cluster).flatMap((released) => releaseObjects(context, released)),
  };
}

/** Beside the app they belong to. */
function releaseObjects({ cluster, graph }: EmitContext, released: Released): EmittedObject[] {
  const { app, candidate } = released;
  const emitted = emitterFor(`apps/${app.name}`, [...app.origin, "release"]);
  const workload = graph.workload(app.namespace, app.name);
  const template = analysisTemplate(cluster, released);
  const services = workload === undefined ? [] : servicesOf(cluster.platform, workload);
  return [
    emitted(rolloutOf(cluster, released)),
    ...services
      .filter(({ metadata }) => metadata.name === app.name)
      .map((service) =>
        emitted({
          ...service,
          metadata: workload ? metadataOf(cluster.platform, workload, candidate) : service.metadata,
        }),
      ),
    ...(template === undefined ? [] : [emitted(template)]),
  ];
}
