// Installs each HelmRelease: a chart of the repository is really built, anything else by what stands in for it. Mirrors
// fluxcd/helm-controller internal/{controller,reconcile}, v1.6.3, words of its conditions included, without the HelmChart objects in
// between, which nothing here reads.

import { canonicalJson, formatGoDuration } from "../../../../core/index.ts";
import type {
  Controller,
  ControllerContext,
  ControllerFactory,
  Informer,
  KubernetesObject,
  ReconcileResult,
} from "../../../../kubernetes/index.ts";
import type { BehaviourContext } from "../../../../model/index.ts";
import { buildChart } from "../../../../render/index.ts";
import { finish, keepFinalizer } from "./finalizer.ts";
import {
  commitOf,
  durationMs,
  GIT_REPOSITORY,
  HELM_RELEASE,
  HELM_REPOSITORY,
  isReady,
  keyOf,
  OCI_REPOSITORY,
  REQUESTED_AT,
  splitKey,
  type FluxStatus,
  type HelmRelease,
  type Source,
} from "./resources.ts";
import { forgetRelease, recordRelease, type Released } from "./release-history.ts";
import {
  deployedName,
  runRound,
  waitForDependency,
  type Memory,
  type RoundWords,
} from "./round.ts";
import { ready, writeStatus, type Finding, type Writer } from "./status.ts";

const MANAGER = "helm-controller";
const DEFAULT_INTERVAL_MS = 600_000;
const DEFAULT_TIMEOUT_MS = 300_000;
const NO_SOURCE_MS = 5_000;

type Sources = Readonly<Record<string, Informer>>;

export function helmController(behaviour: BehaviourContext): ControllerFactory {
  return (context) => {
    const own = context.informer(HELM_RELEASE);
    const sources: Sources = Object.fromEntries(
      [GIT_REPOSITORY, HELM_REPOSITORY, OCI_REPOSITORY].map((kind) => [
        kind.kind,
        context.informer(kind),
      ]),
    );
    const memory = new Map<string, Memory>();
    const writer = {
      api: context.api,
      clock: context.clock,
      manager: MANAGER,
      event: context.event,
    };
    const setup: Controller["setup"] = (enqueue) => {
      const every = (): void => own.list().forEach((one) => enqueue(keyOf(one)));
      own.onChange((current, old) => {
        if (current !== undefined && isNews(current, old)) enqueue(keyOf(current));
      });
      sources["GitRepository"]?.onChange((current, old) => {
        const [after, before] = [current, old] as (Source | undefined)[];
        if (after?.status?.artifact?.revision !== before?.status?.artifact?.revision) every();
      });
    };
    const reconcile: Controller["reconcile"] = async (key) => {
      const { name, namespace } = splitKey(key);
      const found = own.get(name, namespace) as HelmRelease | undefined;
      if (found === undefined) return void memory.delete(key);
      if (found.metadata.deletionTimestamp !== undefined) return uninstall(context, found);
      if (found.spec.suspend === true) return;
      await keepFinalizer(context, found, MANAGER);
      return look({ behaviour, writer, own, sources, memory, found });
    };
    return { name: "flux-helmrelease", setup, reconcile };
  };
}

async function uninstall(context: ControllerContext, found: HelmRelease): Promise<void> {
  const takesAlong = found.spec.suspend !== true;
  if (takesAlong) await forgetRelease(context, releasedOf(found, { name: "", version: "" }));
  return finish(context, found, MANAGER, takesAlong);
}

/** Its own status is no news. */
function isNews(current: KubernetesObject, old: KubernetesObject | undefined): boolean {
  const asked = current.metadata.annotations?.[REQUESTED_AT];
  return (
    old === undefined ||
    current.metadata.generation !== old.metadata.generation ||
    current.metadata.deletionTimestamp !== old.metadata.deletionTimestamp ||
    asked !== old.metadata.annotations?.[REQUESTED_AT]
  );
}

interface Look {
  readonly behaviour: BehaviourContext;
  readonly writer: Writer;
  readonly own: Informer;
  readonly sources: Sources;
  readonly memory: Map<string, Memory>;
  readonly found: HelmRelease;
}

async function look(one: Look): Promise<ReconcileResult> {
  const { writer, own, found } = one;
  const { namespace = "" } = found.metadata;
  for (const dependency of found.spec.dependsOn ?? []) {
    const place = dependency.namespace ?? namespace;
    const other = own.get(dependency.name, place) as HelmRelease | undefined;
    if (other === undefined || !isReady(other))
      return waitForDependency(
        writer,
        found,
        `dependency '${place}/${dependency.name}' is not ready`,
      );
  }
  const chart = chartOf(one);
  if (chart === undefined) {
    const message = "could not get Source object: the chart's source is not there or not ready";
    await writeStatus(writer, found, ready("False", "SourceNotReady", message));
    return { requeueAfterMs: NO_SOURCE_MS };
  }
  return install(one, chart);
}

interface Chart {
  readonly name: string;
  readonly version: string;
  readonly build: () => Promise<readonly KubernetesObject[]>;
}

function chartOf(one: Look): Chart | undefined {
  const { found, sources, behaviour } = one;
  const { chart, chartRef } = found.spec;
  const ref = chartRef ?? chart?.spec.sourceRef;
  if (ref === undefined) return undefined;
  const home = ref.namespace ?? found.metadata.namespace;
  const source = sources[ref.kind]?.get(ref.name, home) as Source | undefined;
  if (source === undefined || !isReady(source)) return undefined;
  if (ref.kind === "GitRepository") return ownChart(one, source);
  const slash = source.spec.url.lastIndexOf("/");
  const isOci = ref.kind === "OCIRepository";
  const repository = isOci ? source.spec.url.slice(0, slash) : source.spec.url;
  const name = isOci ? source.spec.url.slice(slash + 1) : (chart?.spec.chart ?? "");
  const version = (isOci ? source.spec.ref?.tag : chart?.spec.version) ?? "";
  const build = (): Promise<readonly KubernetesObject[]> => {
    const objects = behaviour.charts.render(repository, name, version, releaseOf(found));
    if (objects !== undefined) return Promise.resolve(objects);
    return Promise.reject(
      new Error(`chart ${repository}/${name} ${version}: nothing stands in for it here`),
    );
  };
  return { name, version, build };
}

const releaseOf = ({ metadata, spec }: HelmRelease) => ({
  name: spec.releaseName ?? metadata.name,
  namespace: spec.targetNamespace ?? metadata.namespace ?? "default",
});

/** `valuesFiles` count from the source's root and replace the chart's own values, which therefore stand among them. */
function ownChart({ behaviour, found }: Look, source: Source): Chart | undefined {
  const { revision } = source.status?.artifact ?? {};
  const { chart } = found.spec;
  if (revision === undefined || chart === undefined) return undefined;
  const folder = rooted(chart.spec.chart);
  const build = async (): Promise<readonly KubernetesObject[]> => {
    if (found.spec.values !== undefined)
      throw new Error("values beside valuesFiles are not simulated for charts of the repository");
    const files = await behaviour.git.read(source.spec.url, commitOf(revision), "");
    const valuesFiles = (chart.spec.valuesFiles ?? []).map((file) =>
      rooted(file).replace(`${folder}/`, ""),
    );
    const { objects, diagnostics } = buildChart(files, {
      folder,
      valuesFiles,
      release: releaseOf(found),
    });
    if (diagnostics.length === 0) return objects;
    throw new Error(diagnostics.map(({ message }) => message).join("; "));
  };
  return { name: folder.slice(folder.lastIndexOf("/") + 1), version: revision, build };
}

const rooted = (path: string): string => path.replace(/^\.?\/+/, "");

function install({ writer, memory, found }: Look, chart: Chart): Promise<ReconcileResult> {
  const { spec, metadata } = found;
  const intervalMs = durationMs(spec.interval, DEFAULT_INTERVAL_MS);
  const asked = metadata.annotations?.[REQUESTED_AT] ?? "";
  return runRound({
    writer,
    object: found,
    memory,
    id: keyOf(found),
    key: canonicalJson([metadata.generation, chart.name, chart.version, asked]),
    revision: chart.version,
    prune: true,
    wait: true,
    timeoutMs: durationMs(spec.timeout, DEFAULT_TIMEOUT_MS),
    intervalMs,
    retryMs: durationMs(spec.install?.strategy?.retryInterval, intervalMs),
    reapplies: spec.driftDetection?.mode === "enabled",
    build: async () => (await chart.build()).map((object) => labelled(object, found)),
    words: wordsOf(found, chart),
    record: async (objects, outcome) => ({
      history: await recordRelease(writer, releasedOf(found, chart), objects, outcome),
    }),
  });
}

function releasedOf(
  found: HelmRelease,
  { name, version }: Pick<Chart, "name" | "version">,
): Released {
  const { spec } = found;
  const storage = spec.storageNamespace ?? found.metadata.namespace ?? "default";
  // A chart of the repository is known by its commit here; helm-controller appends that to the chart's own version.
  const chart = { name, version };
  return { ...releaseOf(found), storage, chart, values: spec.values ?? {} };
}

/** A release is upgraded once one is there. */
function wordsOf(found: HelmRelease, { name, version }: Chart): RoundWords {
  const release = releaseOf(found);
  const isThere = found.status?.inventory !== undefined;
  const [action, Action] = isThere ? ["upgrade", "Upgrade"] : ["install", "Install"];
  const chart = `${name}@${version}`;
  const about = `release ${release.namespace}/${release.name} with chart ${chart}`;
  const both = (status: Finding["status"], reason: string, message: string): readonly Finding[] => [
    ...ready(status, reason, message),
    { type: "Released", status, reason, message },
  ];
  return {
    failed: (message) =>
      both("False", `${Action}Failed`, `Helm ${action} failed for ${about}: ${message}`),
    waiting: (timeoutMs) =>
      ready(
        "Unknown",
        "Progressing",
        `Running '${action}' action with timeout of ${formatGoDuration(timeoutMs)}`,
      ),
    unhealthy: (unwell) =>
      both("False", `${Action}Failed`, `Helm ${action} failed for ${about}: ${unwell.join(", ")}`),
    succeeded: ({ history = found.status?.history }) => {
      // What `record` answers under this name is the status field.
      const deployed = deployedName(found, history as FluxStatus["history"]);
      const message = `Helm ${action} succeeded for release ${deployed} with chart ${chart}`;
      return both("True", `${Action}Succeeded`, message);
    },
  };
}

function labelled(object: KubernetesObject, { metadata }: HelmRelease): KubernetesObject {
  const labels = {
    ...object.metadata.labels,
    "helm.toolkit.fluxcd.io/name": metadata.name,
    "helm.toolkit.fluxcd.io/namespace": metadata.namespace ?? "",
  };
  return { ...object, metadata: { ...object.metadata, labels } };
}
