// What may be asked for from outside: the way in of routes, what systems and machines open besides, and what a person asks for.

import { isProvided } from "../abilities.ts";
import type { AppExposure, PlannedExposure } from "../contracts/exposure.ts";
import type { PlannedApp, PlannedCluster } from "../contracts/plan.ts";
import type { ParsedEnvironment } from "../parse/parsed-definition.ts";
import {
  exposureNeedsPort,
  limitLeftToApp,
  missingCapability,
  openToEverybody,
} from "../plan-diagnostics.ts";
import { fillersOf } from "./capabilities.ts";
import type { Choices } from "./choices.ts";
import type { Surfaces } from "./gather-surfaces.ts";
import type { Resolution } from "./resolve-plan.ts";

const EVERYBODY = "0.0.0.0/0";

/** Of an app without a port nothing is opened, which is reported once all is planned. */
export function exposuresOf(
  { settings, originOf }: ParsedEnvironment,
  app: string,
  appPort: number | undefined,
): Pick<PlannedApp, "exposures"> {
  const exposures = [...settings.exposures].flatMap(([name, exposure]): AppExposure[] => {
    const port = exposure.port ?? appPort;
    if (exposure.app !== app || port === undefined) return [];
    const { listen = port, reason, allowFrom, connections, tls } = exposure;
    const origin = originOf(["exposures", name]);
    const ranges = allowFrom.toSorted();
    return [{ name, port, listen, reason, allowFrom: ranges, connections, tls, origin }];
  });
  return exposures.length === 0 ? {} : { exposures };
}

/** Sorted by name, the entry first. */
export function planExposures(
  { definition, environment }: Pick<Resolution, "definition" | "environment">,
  { cluster, filled }: Pick<Choices, "cluster" | "filled">,
  surfaces: Pick<Surfaces, "workloads" | "exposures">,
): PlannedExposure[] {
  const { settings, originOf } = environment;
  const written = [...settings.exposures].flatMap(([name, exposure]): PlannedExposure[] => {
    const [namespace = "", service = ""] = exposure.service?.split("/") ?? [];
    if (exposure.service === undefined) return [];
    const { reason, allowFrom, connections } = exposure;
    return [
      {
        name,
        opens: { kind: "service", namespace, name: service },
        ports: [],
        reason,
        allowFrom: allowFrom.toSorted(),
        limit: connectionsLimit(connections),
        origin: originOf(["exposures", name]),
      },
    ];
  });
  const substrate = definition.clusters.get(cluster.name);
  const machine = (substrate?.component.exposures?.(substrate.options) ?? []).map((exposure) => ({
    ...exposure,
    origin: substrate?.path ?? [],
  }));
  const rest = [...written, ...surfaces.exposures, ...machine];
  return [
    ...entries({ filled }, surfaces),
    ...rest.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
  ];
}

export const connectionsLimit = (connections: number): string => `${connections} connections`;

/** The load balancers of whoever lets routes' requests in. */
function entries(
  { filled }: Pick<Choices, "filled">,
  { workloads }: Pick<Surfaces, "workloads">,
): PlannedExposure[] {
  const ways = filled.filter(({ choice }) => choice.provides.includes("httpRoute"));
  return ways.flatMap(({ component, choice }) =>
    workloads
      .filter((workload) => workload.component === component.name)
      .flatMap(({ namespace, services }) =>
        services
          .filter(({ type }) => type === "LoadBalancer")
          .map(({ name, ports }): PlannedExposure => ({
            name: "ingress",
            opens: { kind: "service", namespace, name },
            ports: ports.map(({ port }) => port),
            entry: true,
            reason: "the way in of every route",
            allowFrom: [EVERYBODY],
            limit: "rateLimit and allowFrom of each route",
            origin: choice.path,
          })),
      ),
  );
}

export function checkExposures(
  { registry, environment, report }: Pick<Resolution, "registry" | "environment" | "report">,
  planned: PlannedCluster,
): void {
  const { name: cluster, apps } = planned;
  for (const [name, { app, port, allowFrom }] of environment.settings.exposures) {
    const path = environment.originOf(["exposures", name]);
    if (allowFrom.includes(EVERYBODY)) report(openToEverybody([...path, "allowFrom"], { name }));
    const opened = apps.find((one) => one.name === app);
    if (app === undefined || opened === undefined) continue;
    if (port === undefined && opened.port === undefined) {
      report(exposureNeedsPort(path, { app }));
      continue;
    }
    report(limitLeftToApp([...path, "connections"], { app, variable: limitVariable(name) }));
    if (isProvided(planned, "loadBalancer")) continue;
    const capability = "loadBalancer";
    const fillers = fillersOf(registry, capability);
    const component = `the exposure ${name}`;
    report(missingCapability(path, { component, capability, cluster, fillers }));
  }
}

/** How an app learns how many connections it may have open at once. */
export function limitVariable(name: string): string {
  return `EXPOSED_${name.toUpperCase().replaceAll("-", "_")}_CONNECTIONS`;
}
