// What people ask of requests on their way, and whether anything on the cluster can do it.

import { isProvided } from "../abilities.ts";
import type {
  PlannedCircuitBreaker,
  PlannedFaults,
  PlannedTraffic,
} from "../contracts/app-traffic.ts";
import type { Capability, PlannedApp, PlannedCluster } from "../contracts/plan.ts";
import type { AppSettings } from "../intents/app-settings.ts";
import type {
  CircuitBreakerSettings,
  FaultSettings,
  PlatformTrafficSettings,
} from "../intents/traffic-settings.ts";
import { durationMs } from "../parse/settings.ts";
import { faultsWithoutEnd, mtlsWithoutMesh, trafficNotApplied } from "../plan-diagnostics.ts";
import { fillersOf } from "./capabilities.ts";
import type { Resolution } from "./resolve-plan.ts";

/** Absent where nothing was asked for. */
export function planTraffic(
  { traffic }: Pick<AppSettings, "traffic">,
  platform: PlatformTrafficSettings,
): Pick<PlannedApp, "traffic"> {
  const { timeout, retries = 0, attemptTimeout, circuitBreaker } = { ...platform, ...traffic };
  const { routes = [], mirror, rateLimit, faults } = traffic ?? {};
  const planned: PlannedTraffic = {
    ...(timeout === undefined ? {} : { timeoutMs: durationMs(timeout) }),
    ...(retries === 0
      ? {}
      : {
          retries: {
            attempts: retries,
            ...(attemptTimeout === undefined
              ? {}
              : { attemptTimeoutMs: durationMs(attemptTimeout) }),
          },
        }),
    ...(circuitBreaker === undefined || circuitBreaker === false
      ? {}
      : { circuitBreaker: planBreaker(circuitBreaker) }),
    routes: routes.map(({ headers, ...route }) => ({ ...route, headers: lowerCased(headers) })),
    ...(mirror === undefined ? {} : { mirror }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(faults === undefined ? {} : { faults: planFaults(faults) }),
  };
  return asksNothing(planned) ? {} : { traffic: planned };
}

function asksNothing({ routes, ...others }: PlannedTraffic): boolean {
  return routes.length === 0 && Object.keys(others).length === 0;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function planBreaker(settings: CircuitBreakerSettings): PlannedCircuitBreaker {
  const { failures, ejectFor, ejectedMax, connections, pending } = settings;
  return {
    failures,
    ejectMs: durationMs(ejectFor),
    ejectedPercentMax: ejectedMax,
    ...(connections === undefined ? {} : { connectionsMax: connections }),
    ...(pending === undefined ? {} : { pendingMax: pending }),
  };
}

function planFaults({ delay, abort, until }: FaultSettings): PlannedFaults {
  return {
    ...(delay === undefined ? {} : { delay: { percent: delay.percent, ms: durationMs(delay.by) } }),
    ...(abort === undefined ? {} : { abort }),
    ...(until === undefined ? {} : { until }),
  };
}

/** Reports what was asked for and would silently not happen. */
export function checkTraffic(
  { environment, registry, report }: Resolution,
  planned: PlannedCluster,
): void {
  const { apps, name: cluster, scale } = planned;
  if (environment.settings.traffic.mtls && !isProvided(planned, "mtls")) {
    const path = environment.originOf(["traffic", "mtls"]);
    report(mtlsWithoutMesh(path, { cluster, fillers: fillersOf(registry, "mtls") }));
  }
  for (const app of apps) {
    for (const [setting, capability] of askedOf(app)) {
      if (isProvided(planned, capability)) continue;
      const fillers = fillersOf(registry, capability);
      const path = environment.originOf(["apps", app.name, "traffic", setting]);
      report(trafficNotApplied(path, { app: app.name, setting, cluster, fillers }));
    }
    const faults = app.traffic?.faults;
    if (faults !== undefined && faults.until === undefined && scale === "highly-available") {
      const path = environment.originOf(["apps", app.name, "traffic", "faults"]);
      report(faultsWithoutEnd(path, { app: app.name }));
    }
  }
}

type Asked = readonly (readonly [setting: string, capability: Capability])[];

function askedOf({ traffic }: PlannedApp): Asked {
  if (traffic === undefined) return [];
  const { timeoutMs, retries, circuitBreaker, routes, mirror, rateLimit, faults } = traffic;
  const all: readonly (readonly [boolean, string, Capability])[] = [
    [timeoutMs !== undefined, "timeout", "requestTimeouts"],
    [retries !== undefined, "retries", "requestRetries"],
    [circuitBreaker !== undefined, "circuitBreaker", "circuitBreaking"],
    [isLimited(circuitBreaker), "circuitBreaker", "connectionLimits"],
    [routes.length > 0, "routes", "requestRouting"],
    [mirror !== undefined, "mirror", "requestMirroring"],
    [rateLimit !== undefined, "rateLimit", "requestLimits"],
    [faults !== undefined, "faults", "faultInjection"],
  ];
  return all.flatMap(([asked, setting, capability]) => (asked ? [[setting, capability]] : []));
}

function isLimited(breaker: PlannedCircuitBreaker | undefined): boolean {
  return breaker?.connectionsMax !== undefined || breaker?.pendingMax !== undefined;
}
