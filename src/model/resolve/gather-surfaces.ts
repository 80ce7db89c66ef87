// Asks every chosen component what its system looks like from outside.

import type { SecretCopy, SecretDemand, Surface, SurfaceContext } from "../contracts/component.ts";
import type { AlertRule } from "../contracts/alert.ts";
import type { PlannedBackup } from "../contracts/backup.ts";
import type { PlannedExposure } from "../contracts/exposure.ts";
import type { Flow, Workload } from "../contracts/graph.ts";
import type { PlannedCluster, PlannedNamespace } from "../contracts/plan.ts";
import type { Choices } from "./choices.ts";
import { intentsOf } from "../intents/intents-of.ts";

export interface Surfaces {
  readonly workloads: readonly Workload[];
  readonly namespaces: readonly PlannedNamespace[];
  readonly flows: readonly Flow[];
  readonly secrets: readonly SecretDemand[];
  readonly secretCopies: readonly SecretCopy[];
  readonly standIns: PlannedCluster["standIns"];
  readonly ownedFields: PlannedCluster["ownedFields"];
  readonly alerts: readonly AlertRule[];
  readonly exposures: readonly PlannedExposure[];
  readonly backups: readonly PlannedBackup[];
}

export function gatherSurfaces(
  { filled, provided }: Choices,
  cluster: SurfaceContext["cluster"],
): Surfaces {
  const ofSlots = filled.map(({ component, choice }) => ({
    component: component.name,
    surface: component.surface?.({ cluster, path: choice.path }, choice.options) ?? {},
  }));
  const ofProviders = provided.map(({ component, choice }) => {
    const intents = intentsOf(cluster, choice.serves);
    const context = { cluster, path: choice.path };
    const surface: Surface =
      intents.length === 0 ? {} : (component.surface?.(context, intents, choice.options) ?? {});
    return { component: component.name, surface };
  });
  const all = [...ofSlots, ...ofProviders];
  return {
    workloads: all.flatMap(({ surface }) => surface.workloads ?? []),
    namespaces: all.flatMap(({ surface }) => surface.namespaces ?? []),
    flows: all.flatMap(({ surface }) => surface.flows ?? []).toSorted(byName),
    secrets: all.flatMap(({ surface }) => surface.secrets ?? []),
    secretCopies: all.flatMap(({ surface }) => surface.secretCopies ?? []),
    backups: all.flatMap(({ surface }) => surface.backups ?? []),
    exposures: all.flatMap(({ surface }) => surface.exposures ?? []),
    alerts: all.flatMap(({ surface }) => surface.alerts ?? []).toSorted(byName),
    standIns: all.flatMap(({ component, surface }) =>
      (surface.objects ?? []).map((object) => ({ component, object })),
    ),
    ownedFields: all.flatMap(({ surface }) => surface.ownedFields ?? []),
  };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
