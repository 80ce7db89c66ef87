// Asks the platform that runs on this folder about its telemetry, with the token only this person can read.

import { join } from "node:path";

import { readTelemetryAccess } from "../../runtime/index.ts";
import { STATE_FOLDER } from "../up/running-platform.ts";
import { UsageError } from "../usage-error.ts";

const HINT = "start one with keelson up, in this folder";

export interface TelemetryQuestion {
  readonly path: "/traces" | "/metrics" | "/logs" | "/prometheus.yml";
  /** Left out where undefined. */
  readonly parameters?: Readonly<Record<string, string | number | undefined>>;
}

/** The answer's text. Throws UsageError when no platform runs here. */
export async function askTelemetry(
  cwd: string,
  { path, parameters = {} }: TelemetryQuestion,
): Promise<string> {
  const access = readTelemetryAccess(join(cwd, STATE_FOLDER));
  if (access === undefined) throw new UsageError("no platform runs on this folder", HINT);
  const url = new URL(path, access.url);
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, String(value));
  const headers = { authorization: `Bearer ${access.token}` };
  const answer = await fetch(url, { headers }).catch(() => undefined);
  if (answer?.ok === true) return answer.text();
  const what = answer === undefined ? "does not answer" : `answered ${answer.status}`;
  throw new UsageError(`the platform that ran on this folder ${what} at ${access.url}`, HINT);
}
