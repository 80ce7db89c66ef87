// What an Application's sources say should run. Kustomize and plain YAML are really built from git; charts come from what
// stands in for them. Mirrors Argo CD reposerver/repository/repository.go at v3.5 for those source types.

import { parseAllDocuments } from "yaml";

import { hasErrors, isRecord } from "../../../../core/index.ts";
import type { KubernetesObject } from "../../../../kubernetes/index.ts";
import type { BehaviourContext } from "../../../../model/index.ts";
import {
  buildChart,
  buildKustomization,
  isChart,
  isKustomization,
} from "../../../../render/index.ts";
import type { Application, ApplicationSource } from "./resources.ts";

/** The repo server could not make manifests; the message goes into a ComparisonError condition. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
}

export interface Manifests {
  readonly objects: readonly KubernetesObject[];
  /** One per source: commit ids, and chart versions. */
  readonly revisions: readonly string[];
  readonly types: readonly ("Kustomize" | "Directory" | "Helm")[];
}

export function sourcesOf({ spec }: Application): readonly ApplicationSource[] {
  return spec.sources ?? (spec.source === undefined ? [] : [spec.source]);
}

export async function buildManifests(
  application: Application,
  context: BehaviourContext,
  server: string,
): Promise<Manifests> {
  const parts = await Promise.all(
    sourcesOf(application).map((source) =>
      buildSource(source, application, { ...context, server }),
    ),
  );
  return {
    objects: parts.flatMap(({ objects }) => objects),
    revisions: parts.map(({ revision }) => revision),
    types: parts.map(({ type }) => type),
  };
}

/** `server`: where the Application leads, however it names it. */
type BuildContext = BehaviourContext & { readonly server: string };

interface Part {
  readonly objects: readonly KubernetesObject[];
  readonly revision: string;
  readonly type: Manifests["types"][number];
}

async function buildSource(
  source: ApplicationSource,
  application: Application,
  context: BuildContext,
): Promise<Part> {
  if (source.chart !== undefined) return standInFor(source, source.chart, application, context);
  const revision = await context.git.resolve(source.repoURL, source.targetRevision ?? "HEAD");
  // A source that only carries a `ref` lends files to others and renders nothing itself.
  if (source.path === undefined) return { objects: [], revision, type: "Directory" };
  const files = await context.git.read(source.repoURL, revision, "");
  const folder = source.path.replace(/^\.?\/|\/$/g, "");
  if (isChart(files, folder))
    return { ...buildOwnChart(files, folder, source, application), revision };
  return { ...buildDirectory(files, source.path), revision };
}

async function standInFor(
  source: ApplicationSource,
  chart: string,
  application: Application,
  context: BuildContext,
): Promise<Part> {
  const revision = source.targetRevision ?? "";
  await requireValueFiles(source, application, context);
  const release = {
    name: source.helm?.releaseName ?? application.metadata.name,
    namespace: application.spec.destination.namespace ?? "default",
    server: context.server,
  };
  const objects = context.charts.render(source.repoURL, chart, revision, release);
  if (objects === undefined)
    throw new ManifestError(
      `chart ${source.repoURL}/${chart} ${revision}: nothing stands in for it here`,
    );
  return { objects, revision, type: "Helm" };
}

/** A chart of the repository itself is really built, with the values files beside it. */
function buildOwnChart(
  files: ReadonlyMap<string, string>,
  folder: string,
  { helm }: ApplicationSource,
  { metadata, spec }: Application,
): Omit<Part, "revision"> {
  const name = helm?.releaseName ?? metadata.name;
  const { objects, diagnostics } = buildChart(files, {
    folder,
    valuesFiles: helm?.valueFiles ?? [],
    release: { name, namespace: spec.destination.namespace ?? "default" },
  });
  if (!hasErrors(diagnostics)) return { objects, type: "Helm" };
  const problems = diagnostics.map(({ message }) => message).join("; ");
  throw new ManifestError(`helm template ${folder} failed: ${problems}`);
}

/** `$values/path` names a file of the source with `ref: values`; a missing one fails as it does with helm. */
async function requireValueFiles(
  source: ApplicationSource,
  application: Application,
  { git }: BehaviourContext,
): Promise<void> {
  for (const file of source.helm?.valueFiles ?? []) {
    const [, ref, path = ""] = /^\$([^/]+)\/(.+)$/.exec(file) ?? [];
    const lender = sourcesOf(application).find((candidate) => candidate.ref === ref);
    if (ref === undefined || lender === undefined)
      throw new ManifestError(`value file ${file}: no source has that ref`);
    const commit = await git.resolve(lender.repoURL, lender.targetRevision ?? "HEAD");
    const files = await git.read(lender.repoURL, commit, path);
    if (!files.has(path)) throw new ManifestError(`value file ${file}: no such file at ${commit}`);
  }
}

function buildDirectory(files: ReadonlyMap<string, string>, path: string): Omit<Part, "revision"> {
  const known = built.get(files) ?? new Map<string, Omit<Part, "revision">>();
  built.set(files, known);
  const part = known.get(path) ?? readDirectory(files, path);
  known.set(path, part);
  return part;
}

/** As the repo server's cache: a tree of files never changes, so each of its folders is built once. */
const built = new WeakMap<ReadonlyMap<string, string>, Map<string, Omit<Part, "revision">>>();

function readDirectory(files: ReadonlyMap<string, string>, path: string): Omit<Part, "revision"> {
  const directory = path.replace(/^\.?\/|\/$/g, "");
  if (![...files.keys()].some((file) => file.startsWith(`${directory}/`)))
    throw new ManifestError(`${path}: app path does not exist`);
  if (isKustomization(files, directory))
    return { objects: buildOverlay(files, directory), type: "Kustomize" };
  return { objects: readManifests(files, directory), type: "Directory" };
}

function buildOverlay(
  files: ReadonlyMap<string, string>,
  directory: string,
): readonly KubernetesObject[] {
  const { objects, diagnostics } = buildKustomization(files, directory);
  if (!hasErrors(diagnostics)) return objects;
  const problems = diagnostics.map(({ message }) => message).join("; ");
  throw new ManifestError(`kustomize build ${directory} failed: ${problems}`);
}

/** Files of the folder itself, not of folders below it, as `directory.recurse: false`. */
function readManifests(files: ReadonlyMap<string, string>, directory: string): KubernetesObject[] {
  const direct = [...files].filter(([file]) => {
    const rest = file.startsWith(`${directory}/`) ? file.slice(directory.length + 1) : "/";
    return !rest.includes("/") && /\.(ya?ml|json)$/.test(rest);
  });
  return direct.flatMap(([file, text]) =>
    parseAllDocuments(text).flatMap((document) => manifestOf(file, document.toJS())),
  );
}

function manifestOf(file: string, value: unknown): KubernetesObject[] {
  if (value === null) return [];
  const isObject =
    isRecord(value) &&
    typeof value["kind"] === "string" &&
    typeof value["apiVersion"] === "string" &&
    isRecord(value["metadata"]);
  if (!isObject) throw new ManifestError(`${file}: not a Kubernetes object`);
  return [value as KubernetesObject & typeof value];
}
