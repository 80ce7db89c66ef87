// Turns an ApplicationSet's generators into parameter sets: list, clusters, git files and directories, and matrix.
// Mirrors Argo CD applicationset/generators at v3.5.

import { parse as parseYaml } from "yaml";

import { isRecord } from "../../../../core/index.ts";
import type { KubernetesObject } from "../../../../kubernetes/index.ts";
import type { GitSource } from "../../../../model/index.ts";
import type { RegisteredCluster } from "./clusters.ts";
import { expand, TemplateError, type Parameters } from "./go-template.ts";
import { fixedPrefix, globMatcher } from "./path-glob.ts";
import type { Generator, LabelSelector } from "./resources.ts";

export interface GeneratorInputs {
  readonly git: GitSource;
  readonly clusters: readonly RegisteredCluster[];
}

export async function generateAll(
  generators: readonly Generator[],
  inputs: GeneratorInputs,
): Promise<Parameters[]> {
  const sets = await Promise.all(generators.map((generator) => generate(generator, inputs)));
  return sets.flat();
}

async function generate(generator: Generator, inputs: GeneratorInputs): Promise<Parameters[]> {
  if (generator.list) return generator.list.elements.map((element) => ({ ...element }));
  if (generator.clusters) return clusterParameters(generator.clusters, inputs.clusters);
  if (generator.git) return gitParameters(generator.git, inputs.git);
  if (generator.matrix) return matrixParameters(generator.matrix.generators, inputs);
  throw new TemplateError(`generator ${Object.keys(generator).join(", ")} is not simulated`);
}

/** Two generators; the second is expanded with each of the first's parameters before it runs. */
async function matrixParameters(
  generators: readonly Generator[],
  inputs: GeneratorInputs,
): Promise<Parameters[]> {
  const [outer, inner] = generators;
  if (outer === undefined || inner === undefined || generators.length !== 2) {
    throw new TemplateError("a matrix generator has exactly two generators");
  }
  const rows = await generate(outer, inputs);
  const products = rows.map(async (row) => {
    // The expanded generator has the shape of the generator it came from.
    const columns = await generate(expand(inner, row) as Generator, inputs);
    return columns.map((column) => ({ ...row, ...column }));
  });
  return (await Promise.all(products)).flat();
}

function clusterParameters(
  generator: NonNullable<Generator["clusters"]>,
  clusters: readonly RegisteredCluster[],
): Parameters[] {
  const chosen = clusters.filter((cluster) => selects(generator.selector, cluster.secret));
  return chosen.map((cluster) => ({
    name: cluster.name,
    nameNormalized: normalize(cluster.name),
    server: cluster.server,
    project: cluster.project,
    metadata: {
      labels: cluster.secret.metadata.labels ?? {},
      annotations: cluster.secret.metadata.annotations ?? {},
    },
    ...(generator.values === undefined ? {} : { values: generator.values }),
  }));
}

function selects(selector: LabelSelector | undefined, { metadata }: KubernetesObject): boolean {
  const labels = metadata.labels ?? {};
  const equal = Object.entries(selector?.matchLabels ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  return equal && (selector?.matchExpressions ?? []).every((term) => holds(term, labels[term.key]));
}

function holds(
  { operator, values = [] }: NonNullable<LabelSelector["matchExpressions"]>[number],
  value: string | undefined,
): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}

async function gitParameters(
  generator: NonNullable<Generator["git"]>,
  git: GitSource,
): Promise<Parameters[]> {
  const commit = await git.resolve(generator.repoURL, generator.revision);
  const patterns = [...(generator.files ?? []), ...(generator.directories ?? [])];
  const reads = patterns.map(({ path }) => git.read(generator.repoURL, commit, fixedPrefix(path)));
  const files = new Map((await Promise.all(reads)).flatMap((found) => [...found]));
  return [...fileParameters(generator, files), ...directoryParameters(generator, files)];
}

function fileParameters(
  { files: patterns = [] }: NonNullable<Generator["git"]>,
  files: ReadonlyMap<string, string>,
): Parameters[] {
  const matchers = patterns.map(({ path }) => globMatcher(path));
  const chosen = [...files]
    .filter(([path]) => matchers.some((matches) => matches(path)))
    .toSorted(byPath);
  return chosen.flatMap(([path, text]) =>
    documentsOf(path, text).map((document) => ({ ...document, path: pathParameters(path) })),
  );
}

function directoryParameters(
  { directories: patterns = [] }: NonNullable<Generator["git"]>,
  files: ReadonlyMap<string, string>,
): Parameters[] {
  if (patterns.length === 0) return [];
  const included = patterns.filter(({ exclude }) => !exclude).map(({ path }) => globMatcher(path));
  const excluded = patterns.filter(({ exclude }) => exclude).map(({ path }) => globMatcher(path));
  const chosen = foldersOf(files.keys()).filter(
    (folder) =>
      included.some((matches) => matches(folder)) && !excluded.some((matches) => matches(folder)),
  );
  return chosen.map((folder) => ({ path: folderParameters(folder) }));
}

/** A file holds one mapping or a list of mappings; each becomes one parameter set. */
function documentsOf(path: string, text: string): Record<string, unknown>[] {
  const value: unknown = parseYaml(text);
  const documents = Array.isArray(value) ? value : [value];
  if (!documents.every(isRecord)) throw new TemplateError(`${path}: not a mapping`);
  return documents;
}

function pathParameters(file: string): Parameters {
  const folder = file.slice(0, Math.max(0, file.lastIndexOf("/")));
  const filename = file.slice(file.lastIndexOf("/") + 1);
  return { ...folderParameters(folder), filename, filenameNormalized: normalize(filename) };
}

function folderParameters(folder: string): Parameters {
  const basename = folder.slice(folder.lastIndexOf("/") + 1);
  return {
    path: folder,
    basename,
    basenameNormalized: normalize(basename),
    segments: folder.split("/"),
  };
}

function foldersOf(paths: Iterable<string>): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1))
      folders.add(path.slice(0, at));
  }
  return [...folders].toSorted();
}

/** Argo CD's SanitizeName: lower case, anything but letters, digits, `-` and `.` becomes `-`, at most 253 characters. */
function normalize(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, "-")
    .slice(0, 253)
    .replace(/^[-.]+|[-.]+$/g, "");
}

const byPath = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  a < b ? -1 : a > b ? 1 : 0;
