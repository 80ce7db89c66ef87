// Runs apps as plain Kubernetes workloads: Deployment, Service, ServiceAccount, and where the environment is highly
// available an autoscaler, a disruption budget and spread over zones.

import type {
  EmitContext,
  EmittedObject,
  PlannedApp,
  PlannedCluster,
} from "../../../model/index.ts";
import { defineProvider } from "../../../model/index.ts";
import { emitterFor, serviceAccountOf, servicesOf } from "../../manifests/index.ts";
import { bindApp } from "./binding.ts";
import { appDeployment } from "./deployment.ts";
import { appAutoscaler } from "./horizontal-pod-autoscaler.ts";
import { withIdentity } from "./identity.ts";
import { kubernetesWorkloadSchema, type KubernetesWorkloadOptions } from "./options.ts";
import { appRoutes } from "./routes.ts";
import { disruptionBudget } from "./spread.ts";
import { appArea, appSurface, appWorkload } from "./surface.ts";

export const kubernetesWorkload = defineProvider<PlannedApp, KubernetesWorkloadOptions>({
  name: "kubernetes-workload",
  serves: "app",
  area: "apps/app",
  provides: ["app"],
  options: kubernetesWorkloadSchema,
  bind: bindApp,
  surface: appSurface,
  intentRoutes: appRoutes,
  emit: (context, apps) => ({ objects: apps.flatMap((app) => appObjects(context, app)) }),
});

function appObjects({ cluster }: EmitContext, app: PlannedApp): EmittedObject[] {
  const { platform } = cluster;
  const workload = appWorkload(cluster, app);
  const autoscaler = appAutoscaler(cluster, workload, app);
  const budget = disruptionBudget(cluster, workload);
  const emitted = emitterFor(appArea(app), app.origin);
  const scaled = emitterFor(appArea(app), [...app.origin, "scale"]);
  return [
    emitted(withIdentity(serviceAccountOf(platform, workload), cluster, app)),
    emitted(appDeployment(cluster, workload, app, pullSecret(cluster, app))),
    ...servicesOf(platform, workload).map((service) => emitted(service)),
    ...(autoscaler === undefined ? [] : [scaled(autoscaler)]),
    ...(budget === undefined ? [] : [emitted(budget)]),
  ];
}

/** Name of the registry's pull secret, when the registry put a copy into this app's namespace. */
function pullSecret({ secrets }: PlannedCluster, { namespace }: PlannedApp): string | undefined {
  return secrets.find(
    ({ type, namespaces }) =>
      type === "kubernetes.io/dockerconfigjson" && namespaces.includes(namespace),
  )?.name;
}
