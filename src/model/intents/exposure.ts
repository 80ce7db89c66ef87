// A way in beside the ingress as a person writes and reads it.

import type { Diagnostic, Path } from "../../core/index.ts";
import { contradiction } from "../diagnostics.ts";
import { list } from "../schema/list.ts";
import { integer, port } from "../schema/number.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import { boolean } from "../schema/choice.ts";
import { reference } from "../schema/reference.ts";
import { refine } from "../schema/refine.ts";
import type { Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";

/** Something that answers people outside and is no route: a mail server, a game, a database for a partner. */
export interface Exposure {
  /** App that answers, at a load balancer's address of its own. Either this or `service`. */
  app?: string;
  /** A Service that something else makes, as "namespace/name": nothing is written for it, and the checks know of it. */
  service?: string;
  /** Port of the app's container. Default: the app's own. */
  port?: number;
  /** Port people use. Default: `port`. */
  listen?: number;
  /** Why a route does not do. */
  reason: string;
  /** Ranges of who may connect; nobody else does. Everybody has to be written: "0.0.0.0/0". */
  allowFrom: string[];
  /** Open at once. The app is told as `EXPOSED_<NAME>_CONNECTIONS`: nothing in front of it counts them. */
  connections: number;
  /** The app itself speaks TLS there. Default false. */
  tls?: boolean;
}

export interface ExposureSettings {
  readonly app?: string;
  readonly service?: string;
  readonly port?: number;
  readonly listen?: number;
  readonly reason: string;
  readonly allowFrom: readonly string[];
  readonly connections: number;
  readonly tls: boolean;
}

const CONNECTIONS_MAX = 1_000_000;
/** A word is no reason. */
const REASON_MIN = 10;

export const exposureSchema: Schema<Exposure, ExposureSettings> = refine(
  object<Exposure, ExposureSettings>({
    app: optional(reference("app")),
    service: optional(string("serviceName")),
    port: optional(port()),
    listen: optional(port()),
    reason: string("text"),
    allowFrom: list(string("cidr"), { min: 1 }),
    connections: integer({ min: 1, max: CONNECTIONS_MAX }),
    tls: optional(boolean(), false),
  }),
  checkExposure,
);

function checkExposure(exposure: ExposureSettings, path: Path): Diagnostic[] {
  const { app, service, reason } = exposure;
  const found: Diagnostic[] = [];
  if ((app === undefined) === (service === undefined)) {
    const message = "an exposure opens either an app or a Service that is there anyway";
    found.push(contradiction(path, { message, hint: 'write app: "mail" or service: "mail/smtp"' }));
  }
  for (const key of service === undefined ? [] : (["port", "listen"] as const)) {
    if (exposure[key] === undefined) continue;
    const message = `${key} is the Service's own, whoever makes it`;
    found.push(contradiction([...path, key], { message, hint: `drop ${key}` }));
  }
  if (reason.trim().length < REASON_MIN) {
    const message = `${JSON.stringify(reason)} is no reason`;
    const hint = "say who needs it and why a route does not do";
    found.push(contradiction([...path, "reason"], { message, hint }));
  }
  return found;
}
