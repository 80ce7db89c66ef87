// kubectl's own view: `kubectl apply --server-side --dry-run=server` of everything, to an embedded cluster that has the projects'
// published CustomResourceDefinitions. Tells about the tree and about the cluster at once.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { stringify } from "yaml";

import { type ServedCluster, startServedCluster } from "../../bench/served-cluster.ts";
import { REPOSITORY, runCommand } from "../run-command.ts";
import { findOnPath } from "../find-tool.ts";
import {
  type CompiledTree,
  type Kind,
  kindsIn,
  objectsIn,
  type Rendered,
} from "./compiled-tree.ts";
import { findDefinition, isBuiltin } from "./json-schemas.ts";
import { NO_PUBLISHED_SCHEMAS, type Question, type Validator } from "./validator.ts";

export function serverDryRun(data: string): Validator {
  const clusters: ServedCluster[] = [];
  return {
    name: "kubectl apply",
    tool: "kubectl",
    source: "kubernetes.io/docs/tasks/tools",
    questions: async (tree) => {
      const rendered = await tree.rendered();
      if (typeof rendered === "string") return rendered;
      if (!existsSync(join(data, "kubernetes"))) return NO_PUBLISHED_SCHEMAS;
      if (rendered.length === 0) return [];
      if (!existsSync(join(REPOSITORY, "dist", "cli")))
        return "needs the built command: make build";
      const cluster = await startServedCluster(["--nodes", "0"], 1);
      clusters.push(cluster);
      return prepare(tree, rendered, cluster.kubeconfig, data);
    },
    finish: async () => {
      for (const cluster of clusters) await cluster.stop();
    },
  };
}

/** Installs what the objects need: definitions, and namespaces, which a dry run would not create. */
async function prepare(
  tree: CompiledTree,
  rendered: readonly Rendered[],
  kubeconfig: string,
  data: string,
): Promise<readonly Question[]> {
  const custom = kindsIn(rendered).filter((kind) => !isBuiltin(data, kind));
  const definitions = custom.map((kind) => ({ kind, definition: findDefinition(data, kind) }));
  const missing = definitions.filter(({ definition }) => definition === undefined);
  const needed = [
    ...definitions.flatMap(({ definition }) => (definition === undefined ? [] : [definition])),
    ...namespacesOf(rendered),
  ];
  const input = needed.map((object) => forKubectl(object)).join("---\n");
  const args = ["--kubeconfig", kubeconfig, "apply", "--server-side", "-f", "-"];
  const result = await runCommand(findOnPath("kubectl") ?? "kubectl", args, { input });
  if (result.code !== 0)
    throw new Error(`cannot prepare a cluster for ${tree.name}\n${result.output}`);
  return [
    ...missing.map(({ kind }) => skipKind(kind)),
    ...rendered.map((one) =>
      askAbout(
        one,
        missing.map(({ kind }) => kind),
        kubeconfig,
      ),
    ),
  ];
}

function namespacesOf(rendered: readonly Rendered[]): readonly object[] {
  const names = objectsIn(rendered).map(({ object }) => {
    const metadata = Object(object["metadata"]) as { readonly namespace?: string };
    return metadata.namespace;
  });
  return [...new Set(names)]
    .filter((name) => name !== undefined)
    .map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
}

function skipKind({ apiVersion, kind }: Kind): Question {
  return { target: `${apiVersion} ${kind}`, args: [], skip: "no published definition" };
}

function askAbout(one: Rendered, missing: readonly Kind[], kubeconfig: string): Question {
  const known = objectsIn([one]).filter(
    ({ object }) =>
      !missing.some(
        ({ apiVersion, kind }) => object["apiVersion"] === apiVersion && object["kind"] === kind,
      ),
  );
  const apply = ["apply", "--server-side", "--dry-run=server", "--field-manager=conformance"];
  return {
    target: one.folder,
    args: ["--kubeconfig", kubeconfig, ...apply, "-f", "-"],
    input: known.map(({ object }) => forKubectl(object)).join("---\n"),
  };
}

/** It reads YAML 1.1, where a bare `yes` is a boolean. */
function forKubectl(object: object): string {
  return stringify(object, { version: "1.1" });
}
