// A release of a chart at the version the lock pins: what every component that installs one says, and nothing else.

import type { Area, ChartRelease, EmitContext } from "../../model/index.ts";
import type { Fields } from "./pod-template.ts";

export interface ReleaseParts {
  /** Name in the catalogue. */
  readonly chart: string;
  /** Unique on the cluster. */
  readonly name: string;
  readonly namespace: string;
  readonly area: Area;
  readonly values: Fields;
}

export function chartRelease({ cluster, path }: EmitContext, parts: ReleaseParts): ChartRelease {
  const { repository, chart, version } = cluster.versions.chart(parts.chart);
  return { ...parts, repository, chart, version, path };
}
