// One app on one cluster. What it needs is bound later, when everything it could need is planned.

import type { AppSecret, EnvVar, PlannedApp } from "../contracts/plan.ts";
import type { AppSettings } from "../intents/app-settings.ts";
import { callbacksOf, trafficOf } from "../intents/route-settings.ts";
import { parseImageReference } from "../image-reference.ts";
import { hasVersion } from "../lock/update-lock.ts";
import type { Choices } from "./choices.ts";
import { exposuresOf } from "./exposures.ts";
import { planSplit } from "./plan-release.ts";
import type { Resolution } from "./resolve-plan.ts";
import { planTraffic } from "./traffic.ts";

/** Of a highly available app that names no bounds: one pod may always be lost. */
const REPLICAS = 2;
const LIVENESS = "/healthz";
const READINESS = "/readyz";

export function planApp(
  resolution: Resolution,
  choices: Choices,
  name: string,
  app: AppSettings,
): PlannedApp {
  const { environment, lock } = resolution;
  const { cluster } = choices;
  const origin = environment.originOf(["apps", name]);
  const port = app.port ?? app.route?.port;
  const route = routeOf(app, cluster.domain);
  const { release } = app;
  const listening = port === undefined ? {} : { port };
  const traffic = planTraffic(app, environment.settings.traffic);
  const split = planSplit(resolution, choices, {
    name,
    origin,
    release,
    ...route,
    ...listening,
    ...traffic,
  });
  const image = hasVersion(app.image) ? app.image : `${app.image}:${lock.apps[name] ?? ""}`;
  return {
    kind: "app",
    provider: "app",
    name,
    origin,
    namespace: namespaceOf(choices, name, app),
    image,
    ...updatesOf(app, image),
    ...listening,
    ...route,
    ...replicasOf(app, cluster.scale),
    release,
    ...(split === undefined ? {} : { split }),
    resources: app.resources,
    ...healthOf(app, port),
    ...exposuresOf(environment, name, port),
    ...(app.metrics === undefined ? {} : { metrics: app.metrics }),
    ...traffic,
    ...(app.dev === undefined ? {} : { dev: app.dev }),
    ...(app.identity === undefined ? {} : { identity: app.identity }),
    env: sorted(app.env).map(([variable, value]): EnvVar => ({ name: variable, value })),
    bindings: [],
    secrets: secretsOf(app, (secret) => environment.originOf(["apps", name, "secrets", secret])),
    calls: sorted(app.calls).map(([call, service]) => ({
      name: call,
      ...service,
      origin: environment.originOf(["apps", name, "calls", call]),
    })),
  };
}

/** Only of a tag: a digest stays what it is. */
function updatesOf({ updates }: AppSettings, image: string): Pick<PlannedApp, "updates"> {
  const { repository, tag } = parseImageReference(image) ?? {};
  if (updates === undefined || repository === undefined || tag === undefined) return {};
  return { updates: { ...updates, repository, tag } };
}

function namespaceOf({ filled }: Choices, name: string, app: AppSettings): string {
  if (app.namespace !== undefined) return app.namespace;
  const { group, route } = app;
  const place = { name, routed: route !== undefined, ...(group === undefined ? {} : { group }) };
  for (const { component, choice } of filled) {
    const home = component.namespaceOf?.(place, choice.options);
    if (home !== undefined) return home;
  }
  return name;
}

function routeOf({ route }: AppSettings, domain: string): Pick<PlannedApp, "route"> {
  if (route === undefined) return {};
  const { host, port, paths } = route;
  const hostname = `${host}.${domain}`;
  const [traffic, callbacks] = [trafficOf(route), callbacksOf(route)];
  return { route: { hostname, port, paths: paths.toSorted(), traffic, callbacks } };
}

/** Autoscaling only where there is room for it: one replica of everything has nothing to scale. */
function replicasOf(
  { scale }: AppSettings,
  mode: Choices["cluster"]["scale"],
): Pick<PlannedApp, "replicas" | "scale"> {
  if (mode === "single") return { replicas: 1 };
  return scale === undefined ? { replicas: REPLICAS } : { replicas: scale.min, scale };
}

function healthOf({ health }: AppSettings, port: number | undefined): Pick<PlannedApp, "health"> {
  if (port === undefined || health === false) return {};
  const { liveness = LIVENESS, readiness = READINESS } = health ?? {};
  return { health: { liveness, readiness } };
}

function secretsOf(
  { secrets }: AppSettings,
  originOf: (secret: string) => AppSecret["origin"],
): AppSecret[] {
  return sorted(secrets).map(([name, { keys, mount, from }]) => ({
    name,
    keys,
    mount,
    ...(from === undefined ? {} : { from }),
    origin: originOf(name),
  }));
}

function sorted<Value>(record: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
