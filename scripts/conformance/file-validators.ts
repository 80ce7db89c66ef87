// Validators of everything that is not a Kubernetes manifest: infrastructure, hosts, pipelines, alert rules, scripts.

import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";

import { stringify } from "yaml";

import { type CompiledTree, objectsIn, type Rendered } from "./compiled-tree.ts";
import type { Question, Validator } from "./validator.ts";

export const terraformFormat: Validator = {
  name: "terraform fmt",
  tool: "terraform",
  source: "developer.hashicorp.com/terraform/install",
  questions: (tree) => perFolder(tree, /\.tf$/, ["fmt", "-check", "-diff"]),
};

/** Needs the providers' schemas: `--providers DIR` names a folder of plugins, as `terraform init -plugin-dir` reads it. */
export function terraformValidate(providers: string | undefined): Validator {
  return {
    name: "terraform validate",
    tool: "terraform",
    source: "developer.hashicorp.com/terraform/install",
    questions: (tree) => {
      const folders = tree.foldersWith(/\.tf$/);
      if (providers !== undefined || folders.length === 0) {
        return Promise.resolve(folders.flatMap((one) => askTerraform(tree, one, providers ?? "")));
      }
      return Promise.resolve("needs provider plugins: --providers DIR");
    },
  };
}

function askTerraform(tree: CompiledTree, folder: string, providers: string): readonly Question[] {
  const missing = requiredProviders(tree, folder).filter(
    (provider) => !existsSync(join(providers, "registry.terraform.io", provider)),
  );
  if (missing.length > 0) {
    return [{ target: folder, args: [], skip: `no plugin for ${missing.join(", ")}` }];
  }
  const cwd = join(tree.root, folder);
  const init = ["init", "-backend=false", "-input=false", `-plugin-dir=${providers}`];
  return [init, ["validate"]].map((args) => ({ target: folder, args, cwd }));
}

/** Every `source = "hashicorp/aws"` of the folder; local modules begin with a dot. */
function requiredProviders(tree: CompiledTree, folder: string): readonly string[] {
  const files = tree.files.filter((file) => posix.dirname(file) === folder && file.endsWith(".tf"));
  const sources = files.flatMap((file) => [
    ...tree.read(file).matchAll(/source\s*=\s*"([\w-]+\/[\w-]+)"/g),
  ]);
  return [...new Set(sources.map((match) => match[1] ?? ""))];
}

export const actionlint: Validator = {
  name: "actionlint",
  tool: "actionlint",
  install: { path: "github.com/rhysd/actionlint/cmd/actionlint", version: "v1.7.12" },
  questions: (tree) =>
    perFile(tree, /^\.github\/workflows\/.+\.ya?ml$/, (file) => ["-no-color", file]),
};

export const ansibleSyntax: Validator = {
  name: "ansible syntax",
  tool: "ansible-playbook",
  source: "the package ansible-core",
  questions: (tree) => {
    const playbook = /(^|\/)ansible\/(?!.*(roles|group_vars|host_vars|inventor))[^/]+\.ya?ml$/;
    return perFile(tree, playbook, (file) => ["--syntax-check", "-i", "localhost,", file]);
  },
};

export const ansibleLint: Validator = {
  name: "ansible-lint",
  tool: "ansible-lint",
  source: "the package ansible-lint",
  questions: (tree) => perFolder(tree, /^ansible\.cfg$/, ["--offline"]),
};

export const shellcheck: Validator = {
  name: "shellcheck",
  tool: "shellcheck",
  source: "the package shellcheck",
  questions: (tree) => perFile(tree, /\.sh$/, (file) => [file]),
};

export const talos: Validator = {
  name: "talos",
  tool: "talosctl",
  source: "talos.dev",
  questions: (tree) =>
    perFile(tree, /(^|\/)talos\/(controlplane|worker)[^/]*\.ya?ml$/, (file) => [
      "validate",
      "--mode",
      "metal",
      "--config",
      file,
    ]),
};

export const gitlab: Validator = {
  name: "gitlab-ci-local",
  tool: "gitlab-ci-local",
  source: "the npm package gitlab-ci-local",
  questions: (tree) =>
    perFile(tree, /(^|\/)\.gitlab-ci\.yml$/, (file) => ["--file", file, "--list"]),
};

export const alertmanager: Validator = {
  name: "amtool",
  tool: "amtool",
  install: { path: "github.com/prometheus/alertmanager/cmd/amtool", version: "v0.34.0" },
  questions: async (tree) => {
    const rendered = await tree.rendered();
    if (typeof rendered === "string") return rendered;
    const files = await perFile(tree, /(^|\/)alertmanager\.ya?ml$/, (file) => [
      "check-config",
      file,
    ]);
    return [...files, ...configurations(rendered, "alertmanager.yml", ["check-config"])];
  },
};

/** Rules live in PrometheusRule objects; promtool reads files of groups. */
export const promtool: Validator = {
  name: "promtool",
  tool: "promtool",
  // The module's own tags for v3.14; plain v3 is not a version of this Go module.
  install: { path: "github.com/prometheus/prometheus/cmd/promtool", version: "v0.314.0" },
  questions: async (tree) => {
    const rendered = await tree.rendered();
    if (typeof rendered === "string") return rendered;
    const folder = mkdtempSync(join(tmpdir(), "keelson-rules-"));
    const rules = objectsIn(rendered).filter(({ object }) => object["kind"] === "PrometheusRule");
    const asked = rules.map((found, index): Question => {
      const file = join(folder, `${index}.yaml`);
      writeFileSync(file, stringify(found.object["spec"]));
      return { target: `${found.folder} (rule ${index + 1})`, args: ["check", "rules", file] };
    });
    return [...asked, ...configurations(rendered, "prometheus.yml", ["check", "config"])];
  },
};

/** Files of ConfigMaps, together in a folder as the pod sees them; `name` is the one that is judged. */
function configurations(
  rendered: readonly Rendered[],
  name: string,
  args: readonly string[],
): readonly Question[] {
  return objectsIn(rendered).flatMap(({ folder: target, object }) => {
    const data = Object.entries(Object(object["data"])).map(([key, text]) => [key, String(text)]);
    if (object["kind"] !== "ConfigMap" || !data.some(([key]) => key === name)) return [];
    const folder = mkdtempSync(join(tmpdir(), "keelson-configuration-"));
    for (const [key = "", text = ""] of data) writeFileSync(join(folder, key), text);
    return [{ target: `${target} ${name}`, args: [...args, join(folder, name)] }];
  });
}

function perFile(
  tree: CompiledTree,
  pattern: RegExp,
  args: (file: string) => readonly string[],
): Promise<readonly Question[]> {
  const files = tree.files.filter((file) => pattern.test(file));
  return Promise.resolve(files.map((file) => ({ target: file, args: args(file) })));
}

function perFolder(
  tree: CompiledTree,
  pattern: RegExp,
  args: readonly string[],
): Promise<readonly Question[]> {
  const folders = tree.foldersWith(pattern);
  return Promise.resolve(
    folders.map((folder) => ({ target: folder, args, cwd: join(tree.root, folder) })),
  );
}
