// The app's Deployment: replicas only where nothing else owns them, rolling without losing capacity, probes, variables.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedApp, PlannedCluster, Workload } from "../../../model/index.ts";
import { environmentOf, deploymentOf, podTemplate, type Fields } from "../../manifests/index.ts";
import { appVariables } from "./environment.ts";
import { identityParts, type IdentityParts } from "./identity.ts";
import { secretMounts, secretVolumes } from "./secret-files.ts";
import { topologySpread } from "./spread.ts";
import { probeAction, tlsMounts, tlsVolumes } from "./upstream-tls.ts";

export function appDeployment(
  cluster: PlannedCluster,
  workload: Workload,
  app: PlannedApp,
  pullSecret: string | undefined,
): KubernetesObject {
  const identity = identityParts(cluster, app);
  const template = podTemplate(cluster.platform, workload, {
    ...(identity.labels === undefined ? {} : { labels: identity.labels }),
    spec: {
      ...(pullSecret === undefined ? {} : { imagePullSecrets: [{ name: pullSecret }] }),
      ...topologySpread(cluster, workload),
    },
    containers: { [app.name]: appContainer(cluster, app, identity) },
    volumes: [
      { name: "tmp", emptyDir: {} },
      ...secretVolumes(cluster, app),
      ...tlsVolumes(app),
      ...identity.volumes,
    ],
  });
  return deploymentOf(
    cluster.platform,
    workload,
    {
      // An autoscaler owns the number where there is one; stating it here would fight every sync.
      ...(app.scale === undefined ? { replicas: app.replicas } : {}),
      strategy: rollingUpdate(app),
    },
    template,
  );
}

function rollingUpdate({ release }: PlannedApp): Fields {
  const { maxSurge, maxUnavailable } =
    release.kind === "rolling" ? release : { maxSurge: 1, maxUnavailable: 0 };
  return { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } };
}

function appContainer(cluster: PlannedCluster, app: PlannedApp, identity: IdentityParts): Fields {
  const variables = environmentOf([...identity.env, ...appVariables(app)]);
  return {
    ...(variables.length === 0 ? {} : { env: variables }),
    ...probes(app),
    // The root file system is read-only; most runtimes still want somewhere to write.
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      ...secretMounts(cluster, app),
      ...tlsMounts(app),
      ...identity.mounts,
    ],
  };
}

function probes(app: PlannedApp): Fields {
  const { health, port } = app;
  if (health === undefined || port === undefined) return {};
  return {
    // Up to a minute to start before liveness counts.
    startupProbe: {
      ...probeAction(app, health.liveness),
      periodSeconds: 2,
      failureThreshold: 30,
    },
    readinessProbe: { ...probeAction(app, health.readiness), periodSeconds: 5 },
    livenessProbe: {
      ...probeAction(app, health.liveness),
      periodSeconds: 15,
      failureThreshold: 3,
    },
  };
}
