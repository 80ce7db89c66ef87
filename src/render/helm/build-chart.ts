// Builds one of our own charts as `helm template` would: values files over `values.yaml`, library charts by `file://`, and the
// subset of templates those charts use. Anything else is a finding that names it.

import { type Diagnostic, isRecord } from "../../core/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import type { BuildResult, FileTree } from "../build-kustomization.ts";
import { chartProblem, invalidYaml, notAnObject } from "../diagnostics.ts";
import { joinPath } from "../paths.ts";
import { readYaml } from "../read-yaml.ts";
import { objectProblem } from "../resource.ts";
import { evaluateTemplate, type NamedTemplates } from "./evaluate.ts";
import { mergeValues, type Values } from "./merge-values.ts";
import { parseTemplate, type Node } from "./parse-template.ts";
import { TemplateError } from "./template-error.ts";

export interface ChartBuild {
  /** Path of the chart from the tree's root. */
  readonly folder: string;
  /** Relative to the chart, later ones over earlier ones. */
  readonly valuesFiles: readonly string[];
  readonly release: { readonly name: string; readonly namespace: string };
}

/** True for a folder Helm would take for a chart. */
export function isChart(files: FileTree, folder: string): boolean {
  return files.has(joinPath(folder, "Chart.yaml"));
}

export function buildChart(files: FileTree, build: ChartBuild): BuildResult {
  const diagnostics: Diagnostic[] = [];
  const attempt = <T>(file: string, run: () => T): T | undefined => {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      diagnostics.push(chartProblem([file], { problem: error.message }));
      return undefined;
    }
  };
  const chart = attempt(build.folder, () => readChart(files, build.folder));
  const values = attempt(build.folder, () => valuesOf(files, build));
  if (chart === undefined || values === undefined) return { objects: [], diagnostics };
  const dot = { Values: values, Chart: chartFields(chart), Release: releaseFields(build) };
  const objects = chart.templates.flatMap(({ file, body }) => {
    const text = attempt(file, () => evaluateTemplate(body, dot, chart.named));
    return text === undefined ? [] : readObjects(file, text, diagnostics);
  });
  return { objects: diagnostics.length > 0 ? [] : objects, diagnostics };
}

interface Chart {
  readonly metadata: Values;
  readonly templates: readonly { readonly file: string; readonly body: readonly Node[] }[];
  readonly named: NamedTemplates;
}

function readChart(files: FileTree, folder: string): Chart {
  const metadata = readRecord(files, joinPath(folder, "Chart.yaml"));
  const own = readTemplates(files, folder);
  const libraries = dependenciesOf(metadata).map((path) =>
    readChart(files, joinPath(folder, path)),
  );
  return {
    metadata,
    templates: metadata["type"] === "library" ? [] : own.templates,
    named: new Map([...libraries.flatMap(({ named }) => [...named]), ...own.named]),
  };
}

/** Only libraries beside the chart; a chart from a registry is not ours to build. */
function dependenciesOf(metadata: Values): readonly string[] {
  const { dependencies } = metadata;
  const list: readonly unknown[] = Array.isArray(dependencies) ? dependencies : [];
  return list.map((dependency) => {
    const repository = isRecord(dependency) ? dependency["repository"] : undefined;
    const [, path] = /^file:\/\/(.+)$/.exec(String(repository)) ?? [];
    if (path === undefined)
      throw new TemplateError(`a dependency from ${String(repository)} is not built here`);
    return path;
  });
}

/** Files whose name begins with `_`, and libraries, only give named templates. */
function readTemplates(files: FileTree, folder: string): Pick<Chart, "templates" | "named"> {
  const prefix = `${folder}/templates/`;
  const parsed = [...files]
    .filter(([file]) => file.startsWith(prefix) && /\.(ya?ml|tpl)$/.test(file))
    .map(([file, text]) => ({ file, ...parseNamed(file, text) }));
  return {
    templates: parsed.filter(({ file }) => !file.slice(prefix.length).startsWith("_")),
    named: new Map(parsed.flatMap(({ named }) => [...named])),
  };
}

function parseNamed(file: string, text: string): ReturnType<typeof parseTemplate> {
  try {
    return parseTemplate(text);
  } catch (error) {
    if (error instanceof TemplateError)
      throw new TemplateError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

function valuesOf(files: FileTree, { folder, valuesFiles }: ChartBuild): Values {
  const base = joinPath(folder, "values.yaml");
  const own = files.has(base) ? readRecord(files, base) : {};
  return valuesFiles
    .map((file) => readRecord(files, joinPath(folder, file)))
    .reduce(mergeValues, own);
}

function readRecord(files: FileTree, file: string): Values {
  const text = files.get(file);
  if (text === undefined) throw new TemplateError(`${file} is not there`);
  const { values, problems } = readYaml(text);
  const [value = {}] = values;
  if (problems.length === 0 && isRecord(value)) return value;
  throw new TemplateError(`${file}: ${problems[0] ?? "not a map"}`);
}

function chartFields({ metadata }: Chart): Values {
  const { name, version, appVersion } = metadata;
  return { Name: name, Version: version, AppVersion: appVersion };
}

function releaseFields({ release }: ChartBuild): Values {
  return { Name: release.name, Namespace: release.namespace, Service: "Helm" };
}

function readObjects(file: string, text: string, diagnostics: Diagnostic[]): KubernetesObject[] {
  const { values, problems } = readYaml(text);
  diagnostics.push(...problems.map((problem) => invalidYaml([file], { problem })));
  return values.flatMap((value, index) => {
    const problem = objectProblem(value);
    // An object that was checked to be one.
    if (problem === undefined) return [value as KubernetesObject];
    diagnostics.push(notAnObject([file, index], { problem }));
    return [];
  });
}
