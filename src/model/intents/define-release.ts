// What a person calls to write a release: each returns plain data with its `kind`, and nothing else happens.

import type { Tagged } from "../schema/schema.ts";
import type { BlueGreenRelease, CanaryRelease, RollingRelease } from "./app.ts";

/** New pods come up before old ones go. */
export function rolling(options: RollingRelease = {}): Tagged<"rolling", RollingRelease> {
  return { kind: "rolling", ...options };
}

/** The new version gets these shares of the traffic, in percent, one after the other. */
export function canary(
  steps: number[],
  options: Omit<CanaryRelease, "steps"> = {},
): Tagged<"canary", CanaryRelease> {
  return { kind: "canary", steps, ...options };
}

/** The new version comes up beside the old one and takes all traffic at once. */
export function blueGreen(options: BlueGreenRelease = {}): Tagged<"blue-green", BlueGreenRelease> {
  return { kind: "blue-green", ...options };
}
