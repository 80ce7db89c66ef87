// Argo CD: the cluster pulls its state from git. The chart installs it; a root Application and an ApplicationSet over the
// registered clusters hand everything else over to it. One Argo CD an environment, on its primary cluster.

import { defineSlotFiller } from "../../../model/index.ts";
import type {
  ChartRelease,
  EmitContext,
  Emission,
  EmittedObject,
  PlannedRoute,
  ResolveContext,
} from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { clustersApplicationSet } from "./application-sets.ts";
import { deliveryAdminBinding, deliveryAdminRole } from "./delivery-admin.ts";
import { argocdEngine } from "./engine.ts";
import { argocdSchema, type ArgocdOptions } from "./options.ts";
import { clusterRegistration } from "./registration.ts";
import { rootApplication } from "./root-application.ts";
import { ARGOCD_NAMESPACE, argocdSurface, CHART, RELEASE, SERVER_PORT } from "./surface.ts";
import { argocdValues, hostnameOf } from "./values.ts";

const AREA = "infrastructure/delivery";
/** What delivery applies by itself, so that Argo CD finds the rest. */
const BOOTSTRAP = "infrastructure/bootstrap";

export const argocdFiller = defineSlotFiller<ArgocdOptions>({
  name: "argocd",
  slot: "delivery",
  area: AREA,
  provides: ["gitDelivery"],
  options: argocdSchema,
  engine: argocdEngine,
  surface: argocdSurface,
  routes: (context) => (context.cluster.primary ? [serverRoute(context)] : []),
  emit: (context, options) => (context.cluster.primary ? emitArgocd(context, options) : {}),
  apiGroups: ["argoproj.io"],
  crds: async () => [(await import("./crds.facts.ts")).argocdCrdFacts],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function serverRoute({ cluster, path }: ResolveContext): PlannedRoute {
  return {
    name: "argocd",
    namespace: ARGOCD_NAMESPACE,
    hostname: hostnameOf(cluster),
    paths: ["/"],
    service: "argocd-server",
    servicePort: 80,
    workload: "argocd-server",
    targetPort: SERVER_PORT,
    area: AREA,
    origin: path,
  };
}

function emitArgocd(context: EmitContext, options: ArgocdOptions): Emission {
  return {
    charts: [release(context, options)],
    objects: [...bootstrapObjects(context, options), ...adminObjects(context)],
  };
}

function release({ cluster, path }: EmitContext, options: ArgocdOptions): ChartRelease {
  const { repository, chart, version } = cluster.versions.chart(CHART);
  return {
    name: RELEASE,
    namespace: ARGOCD_NAMESPACE,
    area: AREA,
    repository,
    chart,
    version,
    values: argocdValues(cluster, options),
    path,
  };
}

function bootstrapObjects({ cluster, path }: EmitContext, options: ArgocdOptions): EmittedObject[] {
  const emitted = emitterFor(BOOTSTRAP, path);
  return [
    emitted(
      clusterRegistration(cluster),
      "the cluster Argo CD itself runs in; holds no credential",
    ),
    emitted(
      clustersApplicationSet(cluster, options),
      "one Application for every cluster, which brings that cluster's own",
    ),
    emitted(
      rootApplication(cluster, options),
      "syncs this folder; everything else follows from it",
    ),
  ];
}

function adminObjects({ cluster }: EmitContext): EmittedObject[] {
  const admins = cluster.roles.filter(({ level }) => level === "delivery-admin");
  const [first] = admins;
  if (first === undefined) return [];
  return [
    emitterFor(AREA, first.origin)(deliveryAdminRole(cluster)),
    ...admins.map((role) => emitterFor(AREA, role.origin)(deliveryAdminBinding(cluster, role))),
  ];
}
