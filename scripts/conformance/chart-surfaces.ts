// Surfaces stand for charts nobody renders on a laptop: here the charts are rendered, with the values of every blueprint and
// environment, and what they really run is compared with what the surface says.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseAllDocuments, stringify } from "yaml";

import { ENVIRONMENTS } from "../../src/components/testing/definitions.ts";
import { emissionsOf, planEnvironment } from "../../src/components/testing/plan.ts";
import { canonicalJson, isRecord } from "../../src/core/index.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import type { ChartRelease, Workload } from "../../src/model/index.ts";
import { findOnPath } from "../find-tool.ts";
import { runCommand } from "../run-command.ts";
import { acceptedBecause } from "./accepted-differences.ts";
import { blueprintNames, compileBlueprint } from "./blueprints.ts";
import type { ClusterSuite } from "./cluster-suite.ts";
import { whoMakes } from "./made-at-run-time.ts";
import { type ChartSource, chartSource } from "./published-charts.ts";
import { type RenderedWorkload, renderedWorkloads } from "./rendered-workloads.ts";
import { workloadDifferences } from "./surface-differences.ts";
import { TOOLS } from "./tools.ts";

/** What one component installs on one cluster, and what it says of it. */
interface Installation {
  /** `hybrid/prod-cloud`. */
  readonly where: string;
  readonly component: string;
  readonly charts: readonly ChartRelease[];
  /** Those we write ourselves left out. */
  readonly workloads: readonly Workload[];
}

export function chartSurfaces(
  blueprints: readonly string[],
  folder: string | undefined,
): ClusterSuite {
  return {
    name: "chart surfaces",
    aboutBlueprints: true,
    async run() {
      const helm = findOnPath("helm", [TOOLS]);
      if (helm === undefined) return "helm is not on the PATH";
      const source = chartSource(helm, folder);
      const installations = distinct(await installationsOf(blueprints));
      const judged: Judged[] = [];
      for (const one of installations) judged.push(await judge(one, helm, source));
      const found = merge(judged.flatMap(({ complaints = [] }) => complaints));
      const accepted = found.flatMap((one) => {
        const reason = acceptedBecause(one);
        return reason === undefined ? [] : [`${one}: ${reason}`];
      });
      return {
        asked: judged.filter(({ skip }) => skip === undefined).length,
        complaints: found.filter((one) => acceptedBecause(one) === undefined),
        skips: [...new Set(judged.flatMap(({ skip = [] }) => skip)), ...accepted],
      };
    },
  };
}

async function installationsOf(blueprints: readonly string[]): Promise<readonly Installation[]> {
  const found: Installation[] = [];
  for (const name of blueprintNames(blueprints)) {
    for (const { cluster, charts, objects } of (await compileBlueprint(name)).targets) {
      const components = [...new Set(charts.map(({ origin }) => origin.component))];
      const written = new Set(objects.map(({ object }) => keyOf(object.kind, object.metadata)));
      for (const component of components) {
        const own = charts.filter(({ origin }) => origin.component === component);
        const workloads = cluster.workloads.filter((one) => one.component === component);
        found.push({
          where: `${name}/${cluster.target}`,
          component,
          charts: own,
          workloads: workloads.filter((one) => !written.has(keyOf(one.kind, one))),
        });
      }
    }
  }
  return blueprints.length > 0 ? found : [...found, ...fromTestedPlatforms()];
}

/** The platforms of the tests fill slots that no blueprint fills. */
function fromTestedPlatforms(): readonly Installation[] {
  return ENVIRONMENTS.flatMap(([title, definition, environment]) => {
    const planned = planEnvironment(definition, environment);
    const emissions = emissionsOf(planned);
    const objects = emissions.flatMap(({ emission }) => emission.objects ?? []);
    const written = new Set(objects.map(({ object }) => keyOf(object.kind, object.metadata)));
    return emissions.flatMap(({ component, emission }) => {
      const { charts = [] } = emission;
      const workloads = planned.cluster.workloads.filter(
        (one) => one.component === component && !written.has(keyOf(one.kind, one)),
      );
      return charts.length === 0 ? [] : [{ where: title, component, charts, workloads }];
    });
  });
}

function keyOf(kind: string, { namespace, name }: { namespace?: string; name: string }): string {
  return `${kind}/${namespace ?? ""}/${name}`;
}

/** The same chart with the same values says the same everywhere. */
function distinct(installations: readonly Installation[]): readonly Installation[] {
  const plain = ({ component, charts, workloads }: Installation): string =>
    canonicalJson({
      component,
      charts: charts.map(({ chart, version, name, namespace, values }) => [
        [chart, version, name, namespace],
        values,
      ]),
      workloads: workloads.map(({ origin: _origin, ...rest }) => rest),
    });
  return [...new Map(installations.map((one) => [plain(one), one])).values()];
}

interface Judged {
  readonly skip?: readonly string[];
  readonly complaints?: readonly string[];
}

async function judge(one: Installation, helm: string, source: ChartSource): Promise<Judged> {
  const objects: KubernetesObject[] = [];
  const pods: RenderedWorkload[] = [];
  for (const release of one.charts) {
    const { folder, problem } = await source.find(release);
    if (folder === undefined) {
      return { skip: [`${release.chart} ${release.version}: ${problem ?? "not found"}`] };
    }
    const rendered = await render(helm, folder, release);
    if (typeof rendered === "string")
      return { complaints: [`${one.where} ${release.name}: ${rendered}`] };
    objects.push(...rendered);
    pods.push(...renderedWorkloads(rendered, release));
  }
  return { complaints: compare(one, pods, objects) };
}

async function render(
  helm: string,
  folder: string,
  { name, namespace, values }: ChartRelease,
): Promise<readonly KubernetesObject[] | string> {
  const file = join(mkdtempSync(join(tmpdir(), "keelson-values-")), "values.yaml");
  writeFileSync(file, stringify(values));
  const args = ["template", name, folder, "-n", namespace, "-f", file, "--kube-version", "1.35.0"];
  const result = await runCommand(helm, args);
  if (result.code !== 0) return result.output.trim();
  const documents = parseAllDocuments(result.stdout, { version: "1.1" });
  return (Array.isArray(documents) ? documents : []).flatMap((document) => {
    const object: unknown = document.toJS();
    // Only objects have a kind; the rest are comments between separators.
    return isRecord(object) && typeof object["kind"] === "string" ? [object as never] : [];
  });
}

function compare(
  { where, workloads, component }: Installation,
  pods: readonly RenderedWorkload[],
  objects: readonly KubernetesObject[],
): readonly string[] {
  const place = ({ kind, namespace, name }: Omit<RenderedWorkload, "labels"> | Workload): string =>
    `${kind} ${namespace}/${name}`;
  const byPlace = new Map(pods.map((pod) => [place(pod), pod]));
  const said = new Set(workloads.map(place));
  const differences = workloads.flatMap((workload) => {
    const found = byPlace.get(place(workload)) ?? whoMakes(workload, objects);
    if (found === "at run time") return [];
    if (found === undefined) return [`${place(workload)} is not the chart's`];
    return workloadDifferences(workload, found, objects).map(
      (text) => `${place(workload)} ${text}`,
    );
  });
  const unsaid = pods
    .filter((pod) => !said.has(place(pod)))
    .map((pod) => `${place(pod)} ${pod.hook ?? ""} is missing in the surface`);
  return [...differences, ...unsaid].map((text) => `${component}: ${text}\t${where}`);
}

/** The same difference once, with the places that show it. */
function merge(complaints: readonly string[]): readonly string[] {
  const places = new Map<string, string[]>();
  for (const complaint of complaints) {
    const [text = "", where = ""] = complaint.split("\t");
    places.set(text, [...(places.get(text) ?? []), where]);
  }
  return [...places].map(([text, where]) => `${text} (${where.join(", ")})`);
}
