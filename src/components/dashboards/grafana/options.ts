// Options of Grafana.

import { object, optional, string, type Tagged } from "../../../model/index.ts";

export interface GrafanaInput {
  /** First label of its name below the platform's domain. Default grafana. */
  host?: string;
}

export interface GrafanaOptions {
  readonly host: string;
}

export const grafanaSchema = object<GrafanaInput, GrafanaOptions>({
  host: optional(string("hostPrefix"), "grafana"),
});

/** Grafana with a data source for everything of the platform that answers questions. */
export function grafana(options: GrafanaInput = {}): Tagged<"grafana", GrafanaInput> {
  return { kind: "grafana", ...options };
}
