// Resolves sources: a GitRepository to a commit, asked again every interval because nothing announces a push without a Receiver.
// Indexes and registries of charts are not read; what stands in for a chart needs its name and version only.

import { formatInstant } from "../../../../core/index.ts";
import type {
  Controller,
  ControllerContext,
  ControllerFactory,
  KindRef,
  ReconcileResult,
} from "../../../../kubernetes/index.ts";
import type { BehaviourContext } from "../../../../model/index.ts";
import {
  durationMs,
  GIT_REPOSITORY,
  HELM_REPOSITORY,
  keyOf,
  OCI_REPOSITORY,
  splitKey,
  type Source,
} from "./resources.ts";
import { ready, writeStatus, type Writer } from "./status.ts";

const MANAGER = "source-controller";
const DEFAULT_INTERVAL_MS = 60_000;

type Look = (source: Source, writer: Writer) => Promise<void>;

export function sourceControllers(behaviour: BehaviourContext): readonly ControllerFactory[] {
  return [
    sourceController(GIT_REPOSITORY, (source, writer) => resolveGit(behaviour, source, writer)),
    sourceController(HELM_REPOSITORY, trustSource),
    sourceController(OCI_REPOSITORY, trustSource),
  ];
}

function sourceController(kind: KindRef, look: Look): ControllerFactory {
  return (context: ControllerContext) => {
    const sources = context.informer(kind);
    const setup: Controller["setup"] = (enqueue) =>
      sources.onChange((current, old) => {
        // Its own status is no news.
        const isNews = old === undefined || differs(current, old);
        if (current !== undefined && isNews) enqueue(keyOf(current));
      });
    const reconcile = async (key: string): Promise<ReconcileResult | void> => {
      const { name, namespace } = splitKey(key);
      const source = sources.get(name, namespace) as Source | undefined;
      if (source === undefined || source.spec.suspend === true) return;
      await look(source, {
        api: context.api,
        clock: context.clock,
        manager: MANAGER,
        event: context.event,
      });
      return { requeueAfterMs: durationMs(source.spec.interval, DEFAULT_INTERVAL_MS) };
    };
    return { name: `flux-${kind.kind.toLowerCase()}`, setup, reconcile };
  };
}

function differs(
  current: { readonly metadata: Source["metadata"] } | undefined,
  old: { readonly metadata: Source["metadata"] },
): boolean {
  const asked = "reconcile.fluxcd.io/requestedAt";
  return (
    current?.metadata.generation !== old.metadata.generation ||
    current?.metadata.annotations?.[asked] !== old.metadata.annotations?.[asked]
  );
}

async function resolveGit(
  { git }: BehaviourContext,
  source: Source,
  writer: Writer,
): Promise<void> {
  const { url, ref = {} } = source.spec;
  const wanted = ref.commit ?? ref.tag ?? ref.branch ?? "master";
  try {
    const commit = await git.resolve(url, wanted);
    const revision = `${wanted}@sha1:${commit}`;
    await store(source, revision, commit, writer);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await writeStatus(
      writer,
      source,
      ready("False", "GitOperationFailed", `failed to checkout and determine revision: ${reason}`),
    );
  }
}

/** The commit stands for the archive's digest: there is no archive here, and it says the same of the content. */
async function store(
  source: Source,
  revision: string,
  commit: string,
  writer: Writer,
): Promise<void> {
  const { name, namespace = "" } = source.metadata;
  const path = `gitrepository/${namespace}/${name}/${commit}.tar.gz`;
  const message = `stored artifact for revision '${revision}'`;
  const known = source.status?.artifact;
  const artifact =
    known?.revision === revision
      ? known
      : {
          digest: `sha1:${commit}`,
          lastUpdateTime: formatInstant(writer.clock.now()),
          path,
          revision,
          url: `http://source-controller.${namespace}.svc.cluster.local./${path}`,
        };
  await writeStatus(
    writer,
    source,
    [
      ...ready("True", "Succeeded", message),
      { type: "ArtifactInStorage", status: "True", reason: "Succeeded", message },
    ],
    { artifact },
  );
}

const trustSource: Look = (source, writer) =>
  writeStatus(
    writer,
    source,
    ready("True", "Succeeded", `simulated: charts of ${source.spec.url} are stood in for`),
  );
