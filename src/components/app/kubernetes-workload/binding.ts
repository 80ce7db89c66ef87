// How one app reaches another: its Service's name and port.

import type { Binding, PlannedApp, ResolveContext, Unbound } from "../../../model/index.ts";
import { variablePrefix } from "../../bindings/index.ts";
import { SERVICE_PORT } from "./surface.ts";

/** `MAILER_HOST`, `MAILER_PORT`, `MAILER_URL` for an app called `mailer`. */
export function bindApp(
  _context: ResolveContext,
  app: Unbound<PlannedApp>,
): Omit<Binding, "intent"> {
  const prefix = variablePrefix(app.name);
  const host = `${app.name}.${app.namespace}.svc`;
  return {
    endpoint: { kind: "workload", namespace: app.namespace, name: app.name },
    port: app.port ?? SERVICE_PORT,
    application: "http",
    encryption: "none",
    env: [
      { name: `${prefix}_HOST`, value: host },
      { name: `${prefix}_PORT`, value: String(SERVICE_PORT) },
      { name: `${prefix}_URL`, value: `http://${host}` },
    ],
    secrets: [],
  };
}
