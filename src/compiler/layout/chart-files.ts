// `clusters/<target>/charts/<release>.yaml`: which chart at which version, and the file with its values beside the objects
// of the same area.

import { formatPath } from "../../core/index.ts";
import type { CompiledChart, CompiledTarget } from "../../model/index.ts";
import { formatYaml } from "../writers/yaml.ts";
import type { TreeFile } from "./layout.ts";

/** Argo CD takes a repository without a scheme for an OCI registry (docs/user-guide/helm.md: "the oci:// syntax is not included"). */
const OCI_SCHEME = /^oci:\/\//;

export interface ChartEntry {
  readonly name: string;
  readonly release: string;
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  readonly namespace: string;
  /** File with the values, from the tree's root. */
  readonly values: string;
}

export function chartFiles({ cluster: { target }, charts }: CompiledTarget): TreeFile[] {
  return charts.flatMap((chart) => {
    const options = { header: [formatPath(chart.origin.path)] };
    const entry = entryOf(chart, target);
    return [
      [`clusters/${target}/charts/${chart.name}.yaml`, formatYaml({ chart: entry }, options)],
      [entry.values, formatYaml(chart.values, options)],
    ];
  });
}

export function valuesFile(
  { area, name }: Pick<CompiledChart, "area" | "name">,
  target: string,
): string {
  return `${area}/charts/${name}/${target}.yaml`;
}

function entryOf(chart: CompiledChart, target: string): ChartEntry {
  const { name, repository, version, namespace } = chart;
  return {
    name,
    release: name,
    repository: repository.replace(OCI_SCHEME, ""),
    chart: chart.chart,
    version,
    namespace,
    values: valuesFile(chart, target),
  };
}
