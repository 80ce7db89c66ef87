// The lists of one cluster: `clusters/<target>/applications/<name>.yaml` for every folder (`releases/` where it is a chart of
// ours), `clusters/<target>/charts/<name>.yaml` for every chart of others, and the values of each chart. One small file each, so that adding an app adds a file. An engine's generators
// read them, or whoever pushes does.

import type { CompiledChart } from "./contracts/emission.ts";
import type {
  DeliveredChart,
  DeliveredFolder,
  DeliveredParts,
  HandOverFile,
} from "./contracts/engine.ts";
import { placed } from "./tree-layout.ts";

/** What an engine writes its own way. */
export interface ListWording {
  /** Default: as the chart has it. */
  repositoryOf?(chart: CompiledChart): string;
  /** The group a folder is delivered in; default: none is named. */
  projectOf?(folder: DeliveredFolder): string;
}

export function deliveryLists(
  { cluster: { target, layout }, folders, charts }: DeliveredParts,
  { repositoryOf = ({ repository }) => repository, projectOf }: ListWording = {},
): HandOverFile[] {
  return [
    ...folders.map((folder) => folderList(folder, target, projectOf?.(folder))),
    ...charts.flatMap(({ chart }) => [
      chartList(chart, placed(valuesFile(chart, target), layout), target, repositoryOf),
      valuesOf(chart, target),
    ]),
  ];
}

function folderList(
  { name, path, values, namespace, wave }: DeliveredFolder,
  target: string,
  project: string | undefined,
): HandOverFile {
  const isChart = values !== undefined;
  const entry = {
    name,
    path,
    ...(isChart ? { values } : {}),
    namespace,
    ...(project === undefined ? {} : { project }),
    wave,
  };
  return {
    file: `clusters/${target}/${isChart ? "releases" : "applications"}/${name}.yaml`,
    value: isChart ? { release: entry } : { application: entry },
    path: [],
  };
}

function chartList(
  chart: DeliveredChart["chart"],
  values: string,
  target: string,
  repositoryOf: (chart: CompiledChart) => string,
): HandOverFile {
  const { name, version, namespace } = chart;
  const entry = {
    name,
    release: name,
    repository: repositoryOf(chart),
    chart: chart.chart,
    version,
    namespace,
    values,
  };
  return {
    file: `clusters/${target}/charts/${name}.yaml`,
    value: { chart: entry },
    path: chart.origin.path,
    header: true,
  };
}

function valuesOf(chart: CompiledChart, target: string): HandOverFile {
  return {
    file: valuesFile(chart, target),
    value: chart.values,
    path: chart.origin.path,
    header: true,
  };
}

/** A logical path. */
export function valuesFile(
  { area, name }: Pick<CompiledChart, "area" | "name">,
  target: string,
): string {
  return `${area}/charts/${name}/${target}.yaml`;
}
