// The lists of one cluster: `clusters/<target>/applications/<name>.yaml` for every folder (`releases/` where it is a chart of
// ours), `clusters/<target>/charts/<name>.yaml` for every chart of others, and the values of each chart. One small file each, so that adding an app adds a file. Whoever pushes
// reads them.

import type { CompiledChart } from "./contracts/emission.ts";
import type {
  DeliveredChart,
  DeliveredFolder,
  DeliveredParts,
  HandOverFile,
} from "./contracts/engine.ts";
import { placed } from "./tree-layout.ts";

export function deliveryLists({
  cluster: { target, layout },
  folders,
  charts,
}: DeliveredParts): HandOverFile[] {
  return [
    ...folders.map((folder) => folderList(folder, target)),
    ...charts.flatMap(({ chart }) => [
      chartList(chart, placed(valuesFile(chart, target), layout), target),
      chartValues(chart, target),
    ]),
  ];
}

function folderList(
  { name, path, values, namespace, wave }: DeliveredFolder,
  target: string,
): HandOverFile {
  const isChart = values !== undefined;
  const entry = {
    name,
    path,
    ...(isChart ? { values } : {}),
    namespace,
    wave,
  };
  return {
    file: `clusters/${target}/${isChart ? "releases" : "applications"}/${name}.yaml`,
    value: isChart ? { release: entry } : { application: entry },
    path: [],
  };
}

function chartList(chart: DeliveredChart["chart"], values: string, target: string): HandOverFile {
  const { name, repository, version, namespace } = chart;
  const entry = {
    name,
    release: name,
    repository,
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

/** What differs from the chart's own values, in a file beside the others of its area. */
export function chartValues(chart: CompiledChart, target: string): HandOverFile {
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
