// How an app is read: what a person may leave out, and what it then means.

import type { Diagnostic, Path } from "../../core/index.ts";
import { contradiction } from "../diagnostics.ts";
import type { PlannedDev, PlannedRelease } from "../contracts/plan.ts";
import { either, oneOf, union } from "../schema/choice.ts";
import { list } from "../schema/list.ts";
import { integer, number, port } from "../schema/number.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import { record, TAG_KEYS, VARIABLE_KEYS } from "../schema/record.ts";
import { reference } from "../schema/reference.ts";
import { refine } from "../schema/refine.ts";
import type { Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";
import type {
  App,
  Dev,
  ExternalService,
  Health,
  ImageUpdates,
  LatencySignal,
  ListSignal,
  MetricSignal,
  QueueSignal,
  Scale,
  ScaleSignal,
  SecretRequest,
  WeekSignal,
  WindowSignal,
} from "./app.ts";
import { releaseSchema } from "./release-settings.ts";
import { resourcesSchema, type ResourceSettings } from "./resource-settings.ts";
import { routeSchema, type RouteSettings } from "./route-settings.ts";
import { trafficSchema, type TrafficSettings } from "./traffic-settings.ts";

/** An app with every default that does not depend on the environment. */
export interface AppSettings {
  readonly image: string;
  readonly route?: RouteSettings;
  readonly port?: number;
  readonly needs: readonly string[];
  readonly scale?: ScaleSettings;
  readonly release: PlannedRelease;
  readonly resources: ResourceSettings;
  readonly health?: Readonly<Health> | false;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, SecretSettings>>;
  readonly identity?: string;
  readonly calls: Readonly<Record<string, CallSettings>>;
  readonly updates?: Readonly<ImageUpdates>;
  readonly namespace?: string;
  readonly group?: string;
  readonly metrics?: string;
  readonly traffic?: TrafficSettings;
  readonly dev?: PlannedDev;
}

export type CallSettings = Required<ExternalService>;

export interface ScaleSettings {
  readonly min: number;
  readonly max: number;
  readonly cpu: number;
  readonly memory?: number;
  readonly signals?: readonly ScaleSignal[];
}

export interface SecretSettings {
  readonly keys: readonly string[];
  readonly from?: string;
  readonly mount: "env" | "file";
}

/** The most replicas an app may ask for; more is a slip of the finger. */
const REPLICAS_MAX = 1000;
const HOURS_OF_A_WEEK = 168;
const percent = (): Schema<number> => integer({ min: 1, max: 100 });
const replicas = (): Schema<number> => integer({ min: 1, max: REPLICAS_MAX });

const signalSchema = union<ScaleSignal>("signal", {
  metric: object<MetricSignal>({ query: string("anyText"), perReplica: number({ min: 0.001 }) }),
  latency: object<LatencySignal>({ query: string("anyText"), target: string("duration") }),
  queue: object<QueueSignal>({ queue: reference("queue"), perReplica: integer({ min: 1 }) }),
  list: object<ListSignal>({
    cache: reference("cache"),
    list: string("anyText"),
    perReplica: integer({ min: 1 }),
  }),
  window: object<WindowSignal>({
    start: string("cron"),
    end: string("cron"),
    timeZone: optional(string("timeZone"), "Etc/UTC"),
    replicas: replicas(),
  }),
  week: refine(
    object<WeekSignal>({
      load: list(number({ min: 0 }), { min: 1, unique: false }),
      perReplica: number({ min: 0.001 }),
      ahead: optional(string("duration"), "10m"),
      timeZone: optional(string("timeZone"), "Etc/UTC"),
    }),
    checkWeek,
  ),
});

const scaleSchema = refine(
  object<Scale, ScaleSettings>({
    min: optional(replicas(), 2),
    max: optional(replicas(), 10),
    cpu: optional(percent(), 70),
    memory: optional(percent()),
    signals: optional(list(signalSchema, { min: 1 })),
  }),
  checkScale,
);

const secretSchema = refine(
  object<SecretRequest, SecretSettings>({
    keys: list(string("dataKey"), { min: 1 }),
    from: optional(reference("secrets")),
    mount: optional(oneOf(["env", "file"]), "env"),
  }),
  checkSecret,
);

const callSchema = object<ExternalService, CallSettings>({
  host: string("domain"),
  port: optional(port(), 443),
  addresses: optional(list(string("cidr")), []),
});

const healthSchema = either(
  object<Health>({
    liveness: optional(string("urlPath")),
    readiness: optional(string("urlPath")),
  }),
  oneOf([false]),
);

const devSchema = object<Dev, PlannedDev>({
  command: list(string(), { min: 1, unique: false }),
  directory: optional(string(), "."),
  watch: optional(list(string(), { min: 1 })),
  env: optional(record(string("anyText"), VARIABLE_KEYS), {}),
  versions: optional(record(string(), TAG_KEYS), {}),
});

export const appSchema: Schema<App, AppSettings> = refine(
  object<App, AppSettings>({
    image: string("imageRef"),
    route: optional(routeSchema),
    port: optional(port()),
    needs: optional(list(reference("need")), []),
    scale: optional(scaleSchema),
    release: optional(releaseSchema, { kind: "rolling" }),
    resources: optional(resourcesSchema, {}),
    health: optional(healthSchema),
    env: optional(record(string("anyText"), VARIABLE_KEYS), {}),
    secrets: optional(record(secretSchema), {}),
    identity: optional(string()),
    calls: optional(record(callSchema), {}),
    updates: optional(object<ImageUpdates>({ semver: string() })),
    namespace: optional(string("dnsLabel")),
    group: optional(string("dnsLabel")),
    metrics: optional(string("urlPath")),
    traffic: optional(trafficSchema),
    dev: optional(devSchema),
  }),
  checkListening,
);

function checkWeek({ load }: WeekSignal, path: Path): Diagnostic[] {
  if (load.length === HOURS_OF_A_WEEK) return [];
  const message = `a week has ${HOURS_OF_A_WEEK} hours, and load has ${load.length} figures`;
  return [contradiction([...path, "load"], { message, hint: "one figure an hour, from Monday" })];
}

function checkScale({ min, max }: ScaleSettings, path: Path): Diagnostic[] {
  if (min <= max) return [];
  const message = `min ${min} is above max ${max}`;
  return [contradiction(path, { message, hint: `set max to at least ${min}` })];
}

/** Variables are the upper-cased keys; other keys can only be files. */
function checkSecret({ keys, mount }: SecretSettings, path: Path): Diagnostic[] {
  if (mount === "file") return [];
  return keys.flatMap((key, index) => {
    if (VARIABLE_KEYS.isValid(key)) return [];
    const message = `${JSON.stringify(key)} cannot name a variable`;
    const hint = 'add mount: "file", or use letters, digits and "_"';
    return [contradiction([...path, "keys", index], { message, hint })];
  });
}

/** Metrics and health are answered on a port. */
function checkListening(app: AppSettings, path: Path): Diagnostic[] {
  if (app.port !== undefined || app.route !== undefined) return [];
  const served = (["metrics", "health"] as const).filter(
    (key) => app[key] !== undefined && app[key] !== false,
  );
  return served.map((key) =>
    contradiction([...path, key], {
      message: `${key} is answered on a port, and the app has none`,
      hint: "add port: the port the container listens on",
    }),
  );
}
