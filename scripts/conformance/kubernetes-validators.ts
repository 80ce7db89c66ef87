// Validators of Kubernetes manifests: does it build, and is every object what its schema says.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { type CompiledTree, kustomizations, type Rendered } from "./compiled-tree.ts";
import { schemaFolder } from "./schema-folder.ts";
import type { Question, Validator } from "./validator.ts";

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
export const kubeconform: Validator = {
  name: "kubeconform",
  tool: "kubeconform",
  install: { path: "github.com/yannh/kubeconform/cmd/kubeconform", version: "v0.7.0" },
  questions: (tree) =>
    withSchemas(tree, (schemas, { folder, yaml }) => ({
      target: folder,
      args: [
        "-strict",
        "-schema-location",
        join(schemas, "{{.Group}}", "{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"),
        "-schema-location",
        join(schemas, "{{.ResourceKind}}{{.KindSuffix}}.json"),
        "-ignore-missing-schemas",
        "-summary",
      ],
      input: yaml,
    })),
};

/** Schemas, CEL rules, list keys and names, as the API server checks them. */
export const fluxSchema: Validator = {
  name: "flux-schema",
  tool: "flux-schema",
  install: { path: "github.com/fluxcd/flux-schema/cmd/flux-schema", version: "v0.11.0" },
  questions: (tree) =>
    withSchemas(tree, (schemas, { folder, yaml }) => ({
      target: folder,
      args: ["validate", "--schema-location", schemas, "--skip-missing-schemas", "-"],
      input: yaml,
    })),
};

/** The parser and linter of the chart's own tool, with the values a chart ships. */
export const helm: Validator = {
  name: "helm",
  tool: "helm",
  install: { path: "helm.sh/helm/v4/cmd/helm", version: "v4.2.4" },
  questions: (tree) =>
    Promise.resolve(
      tree.foldersWith(/^Chart\.yaml$/).flatMap((folder): readonly Question[] => [
        { target: folder, args: ["lint", "--strict", folder] },
        { target: folder, args: ["template", "release", folder] },
      ]),
    ),
};

async function withSchemas(
  tree: CompiledTree,
  ask: (schemas: string, rendered: Rendered) => Question,
): Promise<readonly Question[] | string> {
  const rendered = await tree.rendered();
  if (typeof rendered === "string") return rendered;
  const schemas = await schemaFolder();
  if (schemas === undefined || !existsSync(schemas)) {
    return "needs a folder of JSON schemas: --schemas DIR, or --install to fetch flux-schema's";
  }
  return rendered.map((one) => ask(schemas, one));
}
