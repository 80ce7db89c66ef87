// How `traffic` is read: of one app, and of the platform for all apps that do not say otherwise.

import type { Diagnostic, Path } from "../../core/index.ts";
import { contradiction } from "../diagnostics.ts";
import { boolean, either, oneOf } from "../schema/choice.ts";
import { list } from "../schema/list.ts";
import { integer, number } from "../schema/number.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import { ANY_KEYS, record } from "../schema/record.ts";
import { reference } from "../schema/reference.ts";
import { refine } from "../schema/refine.ts";
import type { Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";
import type {
  CircuitBreaker,
  FaultAbort,
  FaultDelay,
  Faults,
  Mirror,
  PlatformTraffic,
  RequestLimit,
  Traffic,
  TrafficRoute,
} from "./app.ts";

/** What an app and the platform can both say. */
export interface TrafficDefaults {
  readonly timeout?: string;
  readonly retries?: number;
  readonly attemptTimeout?: string;
  readonly circuitBreaker?: CircuitBreakerSettings | false;
}

export interface PlatformTrafficSettings extends TrafficDefaults {
  readonly mtls: boolean;
}

export interface TrafficSettings extends TrafficDefaults {
  readonly routes: readonly TrafficRouteSettings[];
  readonly mirror?: Required<Mirror>;
  readonly rateLimit?: RequestLimit;
  readonly faults?: FaultSettings;
}

export interface CircuitBreakerSettings {
  readonly failures: number;
  readonly ejectFor: string;
  readonly ejectedMax: number;
  readonly connections?: number;
  readonly pending?: number;
}

export interface TrafficRouteSettings {
  readonly to: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly percent: number;
}

export interface FaultSettings {
  readonly delay?: Required<FaultDelay>;
  readonly abort?: Required<FaultAbort>;
  readonly until?: string;
}

/** More than ten attempts is a storm, not a retry. */
const RETRIES_MAX = 10;
const COUNT_MAX = 1_000_000;
const percent = (): Schema<number> => number({ min: 0, max: 100 });
const count = (): Schema<number> => integer({ min: 1, max: COUNT_MAX });

const DAY = {
  expected: 'a day such as "2026-12-01"',
  problem: (text: string) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? undefined : ""),
  jsonSchema: { pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
};

const circuitBreakerSchema = either(
  object<CircuitBreaker, CircuitBreakerSettings>({
    failures: optional(count(), 5),
    ejectFor: optional(string("duration"), "30s"),
    ejectedMax: optional(percent(), 50),
    connections: optional(count()),
    pending: optional(count()),
  }),
  oneOf([false]),
);

const shared = {
  timeout: optional(string("duration")),
  retries: optional(integer({ min: 0, max: RETRIES_MAX })),
  attemptTimeout: optional(string("duration")),
  circuitBreaker: optional(circuitBreakerSchema),
};

const faultsSchema = object<Faults, FaultSettings>({
  delay: optional(
    object<FaultDelay, Required<FaultDelay>>({
      by: string("duration"),
      percent: optional(percent(), 100),
    }),
  ),
  abort: optional(
    object<FaultAbort, Required<FaultAbort>>({
      status: optional(integer({ min: 400, max: 599 }), 503),
      percent: optional(percent(), 100),
    }),
  ),
  until: optional(string(DAY)),
});

export const platformTrafficSchema = object<PlatformTraffic, PlatformTrafficSettings>({
  mtls: optional(boolean(), false),
  ...shared,
});

export const trafficSchema: Schema<Traffic, TrafficSettings> = refine(
  object<Traffic, TrafficSettings>({
    ...shared,
    routes: optional(
      list(
        object<TrafficRoute, TrafficRouteSettings>({
          to: reference("app"),
          headers: optional(record(string("anyText"), ANY_KEYS), {}),
          percent: optional(percent(), 100),
        }),
      ),
      [],
    ),
    mirror: optional(
      object<Mirror, Required<Mirror>>({
        to: reference("app"),
        percent: optional(percent(), 100),
      }),
    ),
    rateLimit: optional(object<RequestLimit>({ perSecond: count() })),
    faults: optional(faultsSchema),
  }),
  checkShares,
);

/** Shares of requests without a header come out of the same hundred. */
function checkShares({ routes }: TrafficSettings, path: Path): Diagnostic[] {
  const open = routes.filter(({ headers }) => Object.keys(headers).length === 0);
  const sum = open.reduce((total, route) => total + route.percent, 0);
  if (sum <= 100) return [];
  const message = `the shares of routes without headers add up to ${sum} percent`;
  return [contradiction([...path, "routes"], { message, hint: "they may reach 100 together" })];
}
