// How another process of the same person finds the telemetry of a running platform: a file in its state folder, readable by
// that person only, there while the platform runs.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { isRecord } from "../../core/index.ts";

export interface TelemetryAccess {
  readonly url: string;
  readonly token: string;
}

const FILE = "telemetry.json";

export function writeTelemetryAccess(folder: string, { url, token }: TelemetryAccess): void {
  const text = `${JSON.stringify({ version: 1, url, token })}\n`;
  writeFileSync(join(folder, FILE), text, { mode: 0o600 });
}

/** Undefined when nothing runs on this folder. */
export function readTelemetryAccess(folder: string): TelemetryAccess | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, FILE), "utf8"));
    if (!isRecord(value)) return undefined;
    const { url, token } = value;
    return typeof url === "string" && typeof token === "string" ? { url, token } : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError)
      return undefined;
    throw error;
  }
}

export function removeTelemetryAccess(folder: string): void {
  rmSync(join(folder, FILE), { force: true });
}
