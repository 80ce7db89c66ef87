// Validators of Kubernetes manifests: does it build, and is every object what its schema says.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { type CompiledTree, kindsIn, kustomizations, type Rendered } from "./compiled-tree.ts";
import { writeSchemas } from "./json-schemas.ts";
import { type OwnChart, templateArguments } from "./own-charts.ts";
import { TOOLS } from "./tools.ts";
import { NO_PUBLISHED_SCHEMAS, type Question, type Validator } from "./validator.ts";

/** Written as they are needed, kept between runs. */
const SCHEMAS = join(TOOLS, "json-schemas");

export const kustomize: Validator = {
  name: "kustomize",
  tool: "kubectl",
  source: "kubernetes.io/docs/tasks/tools",
  questions: (tree) =>
    Promise.resolve(
      kustomizations(tree).map((folder) => ({ target: folder, args: ["kustomize", folder] })),
    ),
};

/** Schemas only: it knows nothing of CEL rules. */
export function kubeconform(data: string): Validator {
  return {
    name: "kubeconform",
    tool: "kubeconform",
    install: { path: "github.com/yannh/kubeconform/cmd/kubeconform", version: "v0.7.0" },
    questions: (tree) =>
      withSchemas(tree, data, ({ folder, yaml }) => ({
        target: folder,
        args: [
          "-strict",
          "-ignore-missing-schemas",
          "-schema-location",
          join(SCHEMAS, "{{.Group}}", "{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"),
        ],
        input: yaml,
      })),
  };
}

/** Schemas, CEL rules, list keys and names, as the API server checks them. */
export function fluxSchema(data: string): Validator {
  return {
    name: "flux-schema",
    tool: "flux-schema",
    install: { path: "github.com/fluxcd/flux-schema/cmd/flux-schema", version: "v0.11.0" },
    questions: (tree) =>
      withSchemas(tree, data, ({ folder, yaml }) => ({
        target: folder,
        args: ["validate", "--schema-location", SCHEMAS, "--skip-missing-schemas"],
        input: yaml,
      })),
  };
}

/** Charts of the tree for every target: the linter, strictly, and the templates. */
export const helm: Validator = {
  name: "helm",
  tool: "helm",
  install: { path: "helm.sh/helm/v4/cmd/helm", version: "v4.2.4" },
  questions: async (tree) => {
    if (tree.foldersWith(/^Chart\.yaml$/).length === 0) return [];
    const charts = await tree.charts();
    return typeof charts === "string" ? charts : charts.flatMap(askHelm);
  },
};

function askHelm(chart: OwnChart): readonly Question[] {
  return chart.valuesFiles.flatMap((file) => {
    const target = `${chart.folder}/${file}`;
    const values = ["-f", join(chart.copy, file)];
    return [
      { target, args: ["lint", "--strict", chart.copy, ...values] },
      { target, args: templateArguments(chart, file) },
    ];
  });
}

/** One question per rendered folder, and one skip for every kind whose schema nobody published. */
async function withSchemas(
  tree: CompiledTree,
  data: string,
  ask: (rendered: Rendered) => Question,
): Promise<readonly Question[] | string> {
  const rendered = await tree.rendered();
  if (typeof rendered === "string") return rendered;
  if (!existsSync(join(data, "kubernetes"))) {
    return NO_PUBLISHED_SCHEMAS;
  }
  const missing = writeSchemas(data, SCHEMAS, kindsIn(rendered));
  const skips = missing.map(({ apiVersion, kind }) => ({
    target: `${apiVersion} ${kind}`,
    skip: "no published schema",
    args: [],
  }));
  return [...rendered.map(ask), ...skips];
}
