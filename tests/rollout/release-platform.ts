// The cluster of `process-platform.ts` with Argo Rollouts in it: apps of a Deployment, a Rollout, two Services and a route,
// and what a person does to a release. The pods are a small server or the storefront.

import { behaviour } from "../../src/components/rollouts/argo-rollouts/behaviour.ts";
import { argoRolloutsCrdFacts } from "../../src/components/rollouts/argo-rollouts/crds.facts.ts";
import { crdObjects, type KubernetesObject } from "../../src/kubernetes/index.ts";
import { gatewayFabric } from "../conformance/route/adapters.ts";
import {
  container,
  NAMESPACE,
  ready,
  startProcessPlatform,
  untilObject,
  type ProcessPlatform,
} from "./process-platform.ts";
import { STOREFRONT } from "./storefront-program.ts";

export interface ReleasePlatform extends Pick<ProcessPlatform, "ingress" | "breakLater" | "stop"> {
  /** An app at version v0, settled. */
  release(app: string, kind: "canary" | "blueGreen", shares: readonly number[]): Promise<void>;
  update(app: string, version: string): Promise<void>;
  /** Waits for a person, with this share. */
  paused(app: string, share?: number): Promise<void>;
  resume(app: string): Promise<void>;
  /** Whoever aborted it. */
  aborted(app: string): Promise<string | undefined>;
  settled(app: string): Promise<void>;
}

const ROLLOUT = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout" };
const DEPLOYMENT = { apiVersion: "apps/v1", kind: "Deployment" };

interface Rollout extends KubernetesObject {
  readonly spec: { readonly strategy: { readonly canary?: { readonly steps: readonly object[] } } };
  readonly status?: {
    readonly phase?: string;
    readonly abort?: boolean;
    readonly currentStepIndex?: number;
    readonly stableRS?: string;
    readonly currentPodHash?: string;
    readonly canary?: {
      readonly currentBackgroundAnalysisRunStatus?: { readonly message?: string };
    };
    readonly pauseConditions?: readonly unknown[];
  };
}

export async function startReleasePlatform(options: {
  readonly isStorefront: boolean;
}): Promise<ReleasePlatform> {
  const platform = await startProcessPlatform({
    behaviours: [behaviour],
    install: crdObjects(argoRolloutsCrdFacts),
    ...(options.isStorefront ? { program: STOREFRONT } : {}),
  });
  const { api, ingress } = platform;
  const until = (app: string, holds: (rollout: Rollout) => boolean): Promise<void> =>
    // The watch is of Rollouts.
    untilObject(api, ROLLOUT, (object) => object.metadata.name === app && holds(object as Rollout));
  const patch = async (app: string, status: object): Promise<void> => {
    const ref = { ...ROLLOUT, name: app, namespace: NAMESPACE };
    await api.patch(ref, { type: "merge", body: { status } }, { subresource: "status" });
  };
  const settled = (app: string): Promise<void> =>
    until(app, ({ status }) => status?.phase === "Healthy");
  return {
    ingress,
    breakLater: platform.breakLater,
    stop: platform.stop,
    settled,
    async release(app, kind, shares) {
      await ready(api, "ServiceAccount", "default");
      for (const object of objectsOf(app, kind, shares)) await api.create(object);
      await settled(app);
    },
    async update(app, version) {
      const ref = { ...DEPLOYMENT, name: app, namespace: NAMESPACE };
      const spec = { template: { spec: { containers: [container(version)] } } };
      await api.patch(ref, { type: "strategic", body: { spec } });
    },
    paused: (app, share) =>
      until(app, ({ spec, status }) => {
        const { canary } = spec.strategy;
        const step = canary?.steps[(status?.currentStepIndex ?? 0) - 1] as
          | { readonly setWeight?: number }
          | undefined;
        const isThere = canary === undefined || step?.setWeight === share;
        return isThere && (status?.pauseConditions ?? []).length > 0;
      }),
    resume: (app) => patch(app, { pauseConditions: null }),
    async aborted(app) {
      await until(app, ({ status }) => status?.phase === "Degraded");
      const rollout = (await api.get({ ...ROLLOUT, name: app, namespace: NAMESPACE })) as Rollout;
      return rollout.status?.canary?.currentBackgroundAnalysisRunStatus?.message;
    },
  };
}

function objectsOf(
  name: string,
  kind: "canary" | "blueGreen",
  shares: readonly number[],
): readonly KubernetesObject[] {
  const labels = { app: name };
  const metadata = { name, namespace: NAMESPACE };
  const candidate = `${name}-next`;
  const backends = [
    { service: name, weight: 100 },
    { service: candidate, weight: 0 },
  ];
  const steps = shares.flatMap((setWeight) => [{ setWeight }, { pause: {} }]);
  const plugins = { "argoproj-labs/gatewayAPI": { httpRoute: name, namespace: NAMESPACE } };
  const services = { stableService: name, canaryService: candidate };
  const strategy =
    kind === "canary"
      ? {
          canary: {
            ...services,
            analysis: { templates: [{ templateName: name }] },
            trafficRouting: { plugins },
            steps,
          },
        }
      : {
          blueGreen: {
            activeService: name,
            previewService: candidate,
            autoPromotionEnabled: false,
          },
        };
  const rule = { path: "/", backends: kind === "canary" ? backends : backends.slice(0, 1) };
  return [
    {
      ...DEPLOYMENT,
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { terminationGracePeriodSeconds: 10, containers: [container("v0")] },
        },
      },
    },
    ...[name, candidate].map((service) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...metadata, name: service },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    })),
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AnalysisTemplate",
      metadata,
      spec: {
        metrics: [
          {
            name: "answers",
            interval: "1s",
            consecutiveErrorLimit: 0,
            provider: { web: { url: `http://${candidate}.${NAMESPACE}.svc.cluster.local/` } },
          },
        ],
      },
    },
    { ...ROLLOUT, metadata, spec: { replicas: 2, workloadRef: { ...DEPLOYMENT, name }, strategy } },
    ...gatewayFabric.objects({ name, host: `${name}.example.com`, rules: [rule] }),
  ];
}
