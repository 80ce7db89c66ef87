// Options of Flux.

import { object, optional, string, type Tagged } from "../../../model/index.ts";
import { GIT_URL } from "../git-url.ts";

export interface FluxInput {
  /** URL of the git repository that holds the emitted tree: `https://…` or `ssh://…`. Credentials never stand in it. */
  repository: string;
  /** Branch that is applied. Default main. */
  branch?: string;
  /** How often Flux asks the repository for new commits. Default 1m, as `flux bootstrap` sets it. */
  interval?: string;
  /** How often everything is applied again, which undoes what was changed by hand. Default 10m, as `flux bootstrap` sets it. */
  reapply?: string;
  /** How long what was applied may take to become healthy before that is reported as failed. Default 5m. */
  timeout?: string;
  /** Name of a Secret in `flux-system` with the credentials of a private repository. Default: the repository is public. */
  credentials?: string;
}

export interface FluxOptions {
  readonly repository: string;
  readonly branch: string;
  readonly interval: string;
  readonly reapply: string;
  readonly timeout: string;
  readonly credentials?: string;
}

export const fluxSchema = object<FluxInput, FluxOptions>({
  repository: string(GIT_URL),
  branch: optional(string(), "main"),
  interval: optional(string("duration"), "1m"),
  reapply: optional(string("duration"), "10m"),
  timeout: optional(string("duration"), "5m"),
  credentials: optional(string()),
});

/** Flux on every cluster, each applying its own folders. */
export function flux(options: FluxInput): Tagged<"flux", FluxInput> {
  return { kind: "flux", ...options };
}
