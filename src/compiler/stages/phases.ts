// A platform that comes in steps: what is handed over up to one of them, so that it can be looked at before the next. Whatever
// a part needs comes with it, however late it would have come by itself.

import { groupBy } from "../../core/index.ts";
import type {
  CompiledChart,
  CompiledObject,
  DeliveryNeeds,
  PlannedCluster,
  Registry,
} from "../../model/index.ts";
import { BOOTSTRAP_AREA } from "../../model/index.ts";
import { folderName, needsFinder } from "./delivery-needs.ts";

/** In order: namespaces, rights, policies and secrets; what apps stand on; what watches them; people's apps. */
export const PHASES = ["security", "core", "observability", "apps"] as const;
export type Phase = (typeof PHASES)[number];

interface Parts {
  readonly cluster: Pick<PlannedCluster, "workloads">;
  readonly objects: readonly CompiledObject[];
  readonly charts: readonly CompiledChart[];
}

/** Folders and charts, by the phase they come in. */
export interface PhasedParts {
  readonly folders: ReadonlyMap<string, Phase>;
  readonly charts: ReadonlyMap<string, Phase>;
}

/** A target without what comes later. */
export function upTo<T extends Parts>(target: T, phase: Phase, registry: Registry): T {
  const { folders, charts } = phasesOf(target, registry);
  const last = PHASES.indexOf(phase);
  const hasCome = (own: Phase | undefined): boolean =>
    own === undefined || PHASES.indexOf(own) <= last;
  return {
    ...target,
    objects: target.objects.filter(({ area }) => hasCome(folders.get(area))),
    charts: target.charts.filter(({ name }) => hasCome(charts.get(name))),
  };
}

export function phasesOf({ cluster, objects, charts }: Parts, registry: Registry): PhasedParts {
  const areas = groupBy(objects, ({ area }) => area as string);
  // Is there before anything is delivered.
  areas.delete(BOOTSTRAP_AREA);
  const needs = needsFinder({ areas, charts, cluster, registry });
  const folders = new Map([...areas.keys()].map((area) => [area, phaseOfArea(area)]));
  const phased = new Map(charts.map(({ name, area }) => [name, phaseOfArea(area)]));
  const areaOf = new Map([...areas.keys()].map((area) => [folderName(area), area]));
  const bring = (phase: Phase, wanted: DeliveryNeeds): boolean => {
    const { later = [], injectors = [] } = wanted;
    const own = wanted.folders.flatMap((name) => areaOf.get(name) ?? []);
    const broughtCharts = bringAll(phased, [...wanted.charts, ...later, ...injectors], phase);
    return bringAll(folders, own, phase) || broughtCharts;
  };
  // Until nothing comes earlier any more: phases only ever go down.
  for (let changed = true; changed;) {
    const brought = [
      ...[...folders].map(([area, phase]) => bring(phase, needs.ofFolder(area))),
      ...charts.map((chart) => bring(phased.get(chart.name) ?? "core", needs.ofChart(chart))),
    ];
    changed = brought.includes(true);
  }
  return { folders, charts: phased };
}

/** Whether any of them came later. */
function bringAll(phases: Map<string, Phase>, names: readonly string[], phase: Phase): boolean {
  const late = names.filter((name) => isEarlier(phase, phases.get(name)));
  for (const name of late) phases.set(name, phase);
  return late.length > 0;
}

function phaseOfArea(area: string): Phase {
  if (area.startsWith("apps/")) return "apps";
  const folder = area.split("/")[1];
  return folder === "security" || folder === "observability" ? folder : "core";
}

function isEarlier(phase: Phase, than: Phase | undefined): boolean {
  return than !== undefined && PHASES.indexOf(phase) < PHASES.indexOf(than);
}
