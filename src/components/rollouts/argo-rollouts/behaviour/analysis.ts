// The AnalysisRun that judges the version a Rollout tries: begun with it, ended with it, and what its verdict does to the
// Rollout. Mirrors rollout/analysis.go of argo-rollouts v1.9.1, for one run at a time: background or before the switch.

import { formatInstant } from "../../../../core/index.ts";
import type { ControllerContext, KubernetesObject } from "../../../../kubernetes/index.ts";
import { ROLLOUT } from "../released.ts";
import { ANALYSIS_RUN } from "./analysis-run-controller.ts";
import type { AnalysisRun } from "./analysis-run.ts";
import type { RolloutAnalysis, Rollout, RolloutStatus, RunStatus } from "./resources.ts";

export const INCONCLUSIVE = "InconclusiveAnalysisRun";
const TEMPLATE = { apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisTemplate" } as const;

/** The status with the verdict in it. `isUp`: the tried version has all the pods it waits for. */
export async function analysed(
  context: ControllerContext,
  rollout: Rollout & { readonly status: RolloutStatus },
  isUp: boolean,
): Promise<RolloutStatus> {
  const { status, spec } = rollout;
  const { canary, blueGreen } = spec.strategy;
  const analysis = canary?.analysis ?? blueGreen?.prePromotionAnalysis;
  if (analysis === undefined) return status;
  const { currentPodHash: hash = "", stableRS = "" } = status;
  const owned = (context.informer(ANALYSIS_RUN).list() as readonly AnalysisRun[]).filter(
    ({ metadata }) =>
      metadata.ownerReferences?.some(({ uid }) => uid === rollout.metadata.uid) === true,
  );
  const known = runOf(status);
  const current = owned.find(({ metadata }) => metadata.name === known?.name);
  const isOver = stableRS === "" || stableRS === hash || status.abort === true;
  const isNow = !isOver && status.promoteFull !== true;
  for (const run of owned) if (run !== current || !isNow) await terminate(context, run);
  if (!isNow || (canary === undefined && !isUp)) return status;
  const isKnown = known?.name.startsWith(`${rollout.metadata.name}-${hash}-`) === true;
  if (isKnown && !isAnswered(status, known))
    return current === undefined
      ? status
      : judged(status, current, context.clock.now(), canary !== undefined);
  const name = `${rollout.metadata.name}-${hash}-${owned.length + 1}`;
  await begin(context, rollout, analysis, name);
  const { abortedAt: _, ...kept } = status;
  return withRun(
    { ...kept, controllerPause: false },
    { name, status: "Running" },
    canary !== undefined,
  );
}

export const runOf = ({ canary, blueGreen }: RolloutStatus): RunStatus | undefined =>
  canary?.currentBackgroundAnalysisRunStatus ?? blueGreen?.prePromotionAnalysisRunStatus;

/** A person went on after a verdict: the next one is asked for. */
function isAnswered({ abortedAt, pauseConditions = [] }: RolloutStatus, known: RunStatus): boolean {
  if (known.status !== "Inconclusive") return abortedAt !== undefined;
  return pauseConditions.every(({ reason }) => reason !== INCONCLUSIVE);
}

function judged(
  status: RolloutStatus,
  run: AnalysisRun,
  now: number,
  isCanary: boolean,
): RolloutStatus {
  const { phase = "Running", message = "" } = run.status ?? {};
  const known = { name: run.metadata.name, status: phase, ...(message === "" ? {} : { message }) };
  const seen = withRun(status, known, isCanary);
  if (phase === "Error" || phase === "Failed") return { ...seen, abort: true };
  const { pauseConditions = [] } = status;
  if (phase !== "Inconclusive" || pauseConditions.some(({ reason }) => reason === INCONCLUSIVE))
    return seen;
  const startTime = formatInstant(now);
  const reasons = [{ reason: INCONCLUSIVE, startTime }, ...pauseConditions];
  return { ...seen, controllerPause: true, pauseConditions: reasons };
}

const withRun = (status: RolloutStatus, run: RunStatus, isCanary: boolean): RolloutStatus =>
  isCanary
    ? { ...status, canary: { currentBackgroundAnalysisRunStatus: run } }
    : { ...status, blueGreen: { prePromotionAnalysisRunStatus: run } };

async function begin(
  { api }: ControllerContext,
  { metadata, status = {} }: Rollout,
  { templates = [], args = [] }: RolloutAnalysis,
  name: string,
): Promise<void> {
  const { namespace = "", uid = "" } = metadata;
  const values = new Map(
    args.map((one) => [
      one.name,
      one.valueFrom?.podTemplateHashValue === "Stable"
        ? (status.stableRS ?? "")
        : one.valueFrom === undefined
          ? (one.value ?? "")
          : (status.currentPodHash ?? ""),
    ]),
  );
  const metrics: unknown[] = [];
  for (const { templateName } of templates) {
    const template = await api.get({ ...TEMPLATE, namespace, name: templateName });
    const { spec } = template as KubernetesObject & { readonly spec: { readonly metrics: object } };
    const text = JSON.stringify(spec.metrics).replaceAll(
      /\{\{ *args\.([\w-]+) *\}\}/g,
      (whole, key: string) => values.get(key) ?? whole,
    );
    metrics.push(...(JSON.parse(text) as unknown[]));
  }
  const owner = {
    ...ROLLOUT,
    name: metadata.name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  await api.create({
    ...ANALYSIS_RUN,
    metadata: { name, namespace, ownerReferences: [owner] },
    spec: { args: [...values].map(([key, value]) => ({ name: key, value })), metrics },
  });
}

async function terminate({ api }: ControllerContext, run: AnalysisRun): Promise<void> {
  if (run.spec.terminate === true || (run.status?.phase ?? "Running") !== "Running") return;
  const { name, namespace } = run.metadata;
  const body = { spec: { terminate: true } };
  await api.patch({ ...ANALYSIS_RUN, name, namespace }, { type: "merge", body });
}
