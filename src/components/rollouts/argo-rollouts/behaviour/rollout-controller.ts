// Carries out what `decide.ts` says: ReplicaSets of the Deployment's template, Services' selectors, weights, status.
// Mirrors argo-rollouts rollout/{controller,replicaset,service}.go v1.9.1. Names end in a hash of our own, not in Go's.

import { canonicalJson, deepEqual, formatInstant, hash32 } from "../../../../core/index.ts";
import type {
  ControllerContext,
  ControllerFactory,
  KindRef,
  KubernetesObject,
} from "../../../../kubernetes/index.ts";
import { HASH_LABEL, ROLLOUT } from "../released.ts";
import { ANALYSIS_RUN } from "./analysis-run-controller.ts";
import { analysed } from "./analysis.ts";
import { decideBlueGreen, decideCanary, type Decision } from "./decide.ts";
import type { Deployment, ReplicaSet, Rollout, RolloutStatus } from "./resources.ts";
import { statusOf } from "./rollout-status.ts";
import { setWeight } from "./traffic.ts";

const DEPLOYMENT: KindRef = { apiVersion: "apps/v1", kind: "Deployment" };
const REPLICA_SET: KindRef = { apiVersion: "apps/v1", kind: "ReplicaSet" };
const SERVICE: KindRef = { apiVersion: "v1", kind: "Service" };
const DEADLINE = "scale-down-deadline";
/** defaults.DefaultScaleDownDelaySeconds. */
const SCALE_DOWN_DELAY_SECONDS = 30;
/** After an InvalidSpec, which may be an order of applying. */
const RETRY_MS = 20_000;

export const rolloutController: ControllerFactory = (context) => {
  const rollouts = context.informer(ROLLOUT);
  const deployments = context.informer(DEPLOYMENT);
  const sets = context.informer(REPLICA_SET);
  const runs = context.informer(ANALYSIS_RUN);
  return {
    name: "argo-rollouts",
    setup(enqueue) {
      rollouts.onChange((current) => current && enqueue(keyOf(current)));
      const around = (object: KubernetesObject | undefined): void =>
        rollouts
          .list()
          .filter(({ metadata }) => metadata.namespace === object?.metadata.namespace)
          .forEach((rollout) => enqueue(keyOf(rollout)));
      deployments.onChange((current, old) => around(current ?? old));
      sets.onChange((current, old) => around(current ?? old));
      runs.onChange((current, old) => around(current ?? old));
    },
    async reconcile(key) {
      const [namespace = "", name = ""] = key.split("/");
      const rollout = rollouts.get(name, namespace) as Rollout | undefined;
      if (rollout === undefined || rollout.metadata.deletionTimestamp !== undefined) return;
      if (rollout.spec.replicas === undefined) {
        // Autoscalers need a number to start from.
        const body = { spec: { replicas: 1 } };
        await context.api.patch({ ...ROLLOUT, name, namespace }, { type: "merge", body });
        return;
      }
      const source = deployments.get(rollout.spec.workloadRef.name, namespace);
      if (source === undefined) return { requeueAfterMs: RETRY_MS };
      const owned = (sets.list() as readonly ReplicaSet[]).filter(({ metadata }) =>
        metadata.ownerReferences?.some(({ uid }) => uid === rollout.metadata.uid),
      );
      return advance(context, rollout, source as Deployment, owned);
    },
  };
};

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace}/${metadata.name}`;
const hashOf = ({ metadata }: KubernetesObject): string => metadata.labels?.[HASH_LABEL] ?? "";

async function advance(
  context: ControllerContext,
  rollout: Rollout,
  source: Deployment,
  owned: readonly ReplicaSet[],
): Promise<{ readonly requeueAfterMs: number } | undefined> {
  const hash = hash32(canonicalJson(source.spec.template) ?? "").toString(36);
  const next = owned.find((set) => hashOf(set) === hash);
  if (next === undefined) {
    await context.api.create(newReplicaSet(rollout, source, hash));
    return undefined;
  }
  const begun = { ...rollout, status: sinceUpdate(rollout, hash) };
  const isUp = availableOf(next) >= (rollout.spec.replicas ?? 1);
  const current = { ...begun, status: await analysed(context, begun, isUp) };
  const stable = owned.find((set) => hashOf(set) === current.status.stableRS);
  const seen = {
    hash,
    now: context.clock.now(),
    available: { next: availableOf(next), stable: availableOf(stable) },
  };
  const decision = current.spec.strategy.blueGreen
    ? decideBlueGreen(current, seen)
    : decideCanary(current, seen);
  const waits = await resize(context, current, decision, owned, hash);
  await scaleDownSource(context, rollout, source, next);
  await select(context, rollout, decision, owned);
  const { canary } = rollout.spec.strategy;
  if (canary !== undefined) await setWeight(context.api, rollout, canary, decision.weight);
  const status = {
    ...statusOf(rollout, decision.status, owned, next, seen.now),
    selector: selectorOf(source),
  };
  if (!deepEqual(status, rollout.status))
    await context.api.update({ ...rollout, status } as KubernetesObject, { subresource: "status" });
  const soonest = Math.min(waits, decision.requeueAfterMs ?? Infinity);
  return Number.isFinite(soonest) ? { requeueAfterMs: soonest } : undefined;
}

/** What its scale tells autoscalers of its pods: metav1.FormatLabelSelector. */
const selectorOf = ({ spec }: Deployment): string =>
  Object.entries(spec.selector.matchLabels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(",");

const availableOf = (set: ReplicaSet | undefined): number => set?.status?.availableReplicas ?? 0;

/** A new template begins at the first step; the stable one again needs none. */
function sinceUpdate({ spec, status = {} }: Rollout, hash: string): RolloutStatus {
  if (status.currentPodHash === hash) return status;
  const { abortedAt: _, canary: __, blueGreen: ___, ...kept } = status;
  const count = spec.strategy.canary?.steps?.length ?? 0;
  return {
    ...kept,
    currentPodHash: hash,
    currentStepIndex: status.stableRS === hash ? count : 0,
    abort: false,
    promoteFull: false,
    controllerPause: false,
    pauseConditions: [],
  };
}

function newReplicaSet(rollout: Rollout, { spec }: Deployment, hash: string): KubernetesObject {
  const { name, namespace, uid } = rollout.metadata;
  const { template, selector } = spec;
  const labels = { ...template.metadata.labels, [HASH_LABEL]: hash };
  const owner = { ...ROLLOUT, name, uid: uid ?? "", controller: true, blockOwnerDeletion: true };
  return {
    ...REPLICA_SET,
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      ownerReferences: [owner],
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

/** Milliseconds until an old set may go; infinite where none waits. */
async function resize(
  { api, clock }: ControllerContext,
  { spec, status = {} }: Rollout,
  { sizes, status: decided }: Decision,
  owned: readonly ReplicaSet[],
  hash: string,
): Promise<number> {
  const { canary, blueGreen } = spec.strategy;
  const delay = (canary ?? blueGreen)?.scaleDownDelaySeconds ?? SCALE_DOWN_DELAY_SECONDS;
  let waits = Infinity;
  for (const set of owned) {
    const isNext = hashOf(set) === hash;
    const isStable = hashOf(set) === status.stableRS;
    const deadline = set.metadata.annotations?.[DEADLINE];
    let replicas = isStable ? sizes.stable : isNext ? sizes.next : 0;
    let until: string | undefined;
    if (!isNext && !isStable && (set.spec.replicas ?? 0) > 0 && decided.stableRS === hash) {
      until = deadline ?? formatInstant(clock.now() + delay * 1000);
      const left = Date.parse(until) - clock.now();
      if (left > 0) {
        replicas = set.spec.replicas ?? 0;
        waits = Math.min(waits, left);
      }
    }
    if (replicas === set.spec.replicas && until === deadline) continue;
    const { name, namespace } = set.metadata;
    const body = {
      metadata: { annotations: { [DEADLINE]: until ?? null } },
      spec: { replicas },
    };
    await api.patch({ ...REPLICA_SET, name, namespace }, { type: "merge", body });
  }
  return waits;
}

/** `scaleDown: progressively`: the Deployment's own pods make room for ready ones. */
async function scaleDownSource(
  { api }: ControllerContext,
  rollout: Rollout,
  source: Deployment,
  next: ReplicaSet,
): Promise<void> {
  const ready = next.status?.readyReplicas ?? 0;
  const left = Math.max(0, (rollout.spec.replicas ?? 1) - ready);
  if (ready === 0 || (source.spec.replicas ?? 1) <= left) return;
  const { name, namespace } = source.metadata;
  const body = { spec: { replicas: left } };
  await api.patch({ ...DEPLOYMENT, name, namespace }, { type: "merge", body });
}

/** A Service never leaves its pods for a version that has none available; a preview may. */
async function select(
  { api, informer }: ControllerContext,
  { metadata, spec }: Rollout,
  { selects }: Decision,
  owned: readonly ReplicaSet[],
): Promise<void> {
  const { canary, blueGreen } = spec.strategy;
  const pairs = [
    [canary?.stableService ?? blueGreen?.activeService, selects.stable],
    [canary?.canaryService ?? blueGreen?.previewService, selects.candidate],
  ] as const;
  for (const [name, hash] of pairs) {
    const service = informer(SERVICE).get(name ?? "", metadata.namespace);
    const { selector = {} } = (service?.["spec"] ?? {}) as { selector?: Record<string, string> };
    const isUp = availableOf(owned.find((set) => hashOf(set) === hash)) > 0;
    const isPreview = name === blueGreen?.previewService;
    if (name === undefined || service === undefined || selector[HASH_LABEL] === hash) continue;
    if (!isUp && !isPreview) continue;
    const body = { spec: { selector: { [HASH_LABEL]: hash } } };
    await api.patch({ ...SERVICE, name, namespace: metadata.namespace }, { type: "merge", body });
  }
}
