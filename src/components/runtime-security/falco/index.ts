// Falco: tells what containers do that they should not, from their system calls. Events go to the pods' logs as JSON.

import { defineSlotFiller } from "../../../model/index.ts";
import { falcoSchema, type FalcoOptions } from "./options.ts";
import { CHART, falcoSurface, NAMESPACE, RELEASE } from "./surface.ts";
import { falcoValues } from "./values.ts";

const AREA = "infrastructure/security";

export const falcoFiller = defineSlotFiller<FalcoOptions>({
  name: "falco",
  slot: "runtimeSecurity",
  area: AREA,
  provides: ["runtimeEvents"],
  options: falcoSchema,
  surface: falcoSurface,
  emit({ cluster, path }, options) {
    const { repository, chart, version } = cluster.versions.chart(CHART);
    const release = { name: RELEASE, namespace: NAMESPACE, area: AREA, path } as const;
    const values = falcoValues(cluster, options);
    return { charts: [{ ...release, repository, chart, version, values }] };
  },
});
