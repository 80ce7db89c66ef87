// A blueprint in every packaging, built by the real tools: kubectl from overlays, Helm from charts, files as they are. Each must
// give the model's own objects, and so the same ones.

import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { parseAllDocuments } from "yaml";

import { foldersOf } from "../../src/compiler/index.ts";
import { canonicalJson, groupBy, isRecord } from "../../src/core/index.ts";
import {
  BOOTSTRAP_AREA,
  type Compiled,
  type CompiledObject,
  type Packaging,
  type Tree,
} from "../../src/model/index.ts";
import { findOnPath } from "../find-tool.ts";
import { runCommand } from "../run-command.ts";
import { blueprintNames, compileBlueprint } from "./blueprints.ts";
import type { ClusterSuite } from "./cluster-suite.ts";
import { openTree } from "./compiled-tree.ts";
import { type OwnChart, ownCharts, templateArguments } from "./own-charts.ts";
import { TOOLS } from "./tools.ts";

interface Tools {
  readonly kubectl: string;
  readonly helm: string;
}

/** One folder of one target. */
interface Part {
  readonly area: string;
  readonly target: string;
  readonly objects: readonly CompiledObject[];
}

const PACKAGINGS: readonly Packaging[] = ["kustomize", "helm", "plain"];

export function packagings(blueprints: readonly string[]): ClusterSuite {
  return {
    name: "packagings",
    aboutBlueprints: true,
    async run() {
      const [kubectl, helm] = [findOnPath("kubectl"), findOnPath("helm", [TOOLS])];
      if (kubectl === undefined || helm === undefined) return "needs kubectl and helm";
      const complaints: string[] = [];
      let asked = 0;
      for (const blueprint of blueprintNames(blueprints)) {
        for (const packaging of PACKAGINGS) {
          const outcome = await judge(blueprint, packaging, { kubectl, helm });
          asked += outcome.asked;
          complaints.push(...outcome.complaints);
        }
      }
      return { asked, complaints };
    },
  };
}

async function judge(blueprint: string, packaging: Packaging, tools: Tools) {
  const compiled = await compileBlueprint(blueprint, (own) => packagedAs(own, packaging));
  const root = writeTree(compiled.tree);
  const charts = await ownCharts(openTree(blueprint, root, tools), tools.helm);
  const complaints: string[] = [];
  // Charts are for apps; everything else lies there as with `kustomize`, which is asked itself.
  const parts = partsOf(compiled).filter(
    ({ area }) => packaging !== "helm" || chartOf(charts, area) !== undefined,
  );
  for (const part of parts) {
    const built = await build(compiled, root, charts, part, tools);
    const problem = typeof built === "string" ? built : difference(part, built);
    if (problem !== undefined)
      complaints.push(`${blueprint} as ${packaging}, ${part.area} of ${part.target}: ${problem}`);
  }
  return { asked: parts.length, complaints };
}

/** Tags of images are updated in a kustomization; with another packaging nobody asks for that. */
function packagedAs(
  definition: Readonly<Record<string, unknown>>,
  packaging: Packaging,
): Readonly<Record<string, unknown>> {
  const { apps } = definition;
  if (packaging === "kustomize" || !isRecord(apps)) return { ...definition, packaging };
  const kept = Object.entries(apps).map(([name, app]) => {
    const { updates: _updates, ...rest } = isRecord(app) ? app : {};
    return [name, rest];
  });
  return { ...definition, packaging, apps: Object.fromEntries(kept) };
}

export function writeTree(tree: Tree): string {
  const root = mkdtempSync(join(tmpdir(), "keelson-packaging-"));
  for (const [path, text] of tree) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function partsOf({ targets }: Compiled): readonly Part[] {
  return targets.flatMap(({ cluster: { target }, objects }) =>
    [...groupBy(objects, ({ area }) => area)].map(([area, list]) => ({
      area,
      target,
      objects: list,
    })),
  );
}

function chartOf(charts: readonly OwnChart[], area: string): OwnChart | undefined {
  const name = area.startsWith("apps/") ? area.slice("apps/".length) : undefined;
  return charts.find(({ folder }) => folder.split("/").at(-1) === name);
}

/** A string is what the tool complained of. */
async function build(
  { tree, packaging }: Compiled,
  root: string,
  charts: readonly OwnChart[],
  { area, target }: Part,
  { kubectl, helm }: Tools,
): Promise<readonly unknown[] | string> {
  const overlay = area === BOOTSTRAP_AREA ? `clusters/${target}` : `${area}/overlays/${target}`;
  const chart = chartOf(charts, area);
  if (chart === undefined && !tree.has(`${overlay}/kustomization.yaml`)) {
    const [folder = ""] = foldersOf(packaging, area, target);
    const files = [...tree].filter(([path]) => dirname(path) === folder);
    return files.flatMap(([, text]) => objectsOf(text));
  }
  const { code, stdout, output } =
    chart === undefined
      ? await runCommand(kubectl, ["kustomize", join(root, overlay)])
      : await runCommand(helm, templateArguments(chart, `values-${target}.yaml`));
  return code === 0 ? objectsOf(stdout) : output.trim();
}

function objectsOf(text: string): readonly unknown[] {
  const documents = parseAllDocuments(text, { version: "1.1" });
  const values = Array.isArray(documents) ? documents.map((one): unknown => one.toJS()) : [];
  return values.filter((value) => value !== null && value !== undefined);
}

/** The first object that differs; undefined when all are the model's. */
function difference({ objects }: Part, built: readonly unknown[]): string | undefined {
  const canonical = (list: readonly unknown[]) => list.map((one) => canonicalJson(one)).toSorted();
  const wanted = canonical(objects.map(({ object }) => object));
  const found = canonical(built);
  const missing = wanted.filter((one) => !found.includes(one));
  const extra = found.filter((one) => !wanted.includes(one));
  if (missing.length + extra.length === 0 && wanted.length === found.length) return undefined;
  return [
    `${wanted.length} objects in the model, ${found.length} built`,
    ...missing.slice(0, 1).map((one) => `  model ${one}`),
    ...extra.slice(0, 1).map((one) => `  built ${one}`),
  ].join("\n");
}
