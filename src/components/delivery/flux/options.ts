// Options of Flux.

import type { Diagnostic, Path } from "../../../core/index.ts";
import {
  contradiction,
  object,
  optional,
  refine,
  string,
  type Tagged,
} from "../../../model/index.ts";
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
  /** Writes new tags of apps with `updates` into git. Needs `credentials` that may push. Default: Flux writes nothing. */
  imageUpdates?: FluxImageUpdates;
}

export interface FluxImageUpdates {
  /** How often registries are asked for tags, and git is written. Default 5m. */
  interval?: string;
  /** Whose name the commits carry. Default: fluxcdbot at users.noreply.github.com. */
  author?: FluxAuthor;
  /** Branch the commits go to; another than `branch` waits for a person to merge it. Default: `branch`. */
  push?: string;
  /** Name of a Secret in `flux-system` for private registries (kubernetes.io/dockerconfigjson). Default: they are public. */
  registryCredentials?: string;
}

export interface FluxAuthor {
  name: string;
  email: string;
}

export interface FluxImageUpdatesOptions {
  readonly interval: string;
  readonly author: Readonly<FluxAuthor>;
  readonly push?: string;
  readonly registryCredentials?: string;
}

export interface FluxOptions {
  readonly repository: string;
  readonly branch: string;
  readonly interval: string;
  readonly reapply: string;
  readonly timeout: string;
  readonly credentials?: string;
  readonly imageUpdates?: FluxImageUpdatesOptions;
}

const imageUpdatesSchema = object<FluxImageUpdates, FluxImageUpdatesOptions>({
  interval: optional(string("duration"), "5m"),
  author: optional(object<FluxAuthor>({ name: string(), email: string() }), {
    name: "fluxcdbot",
    email: "fluxcdbot@users.noreply.github.com",
  }),
  push: optional(string()),
  registryCredentials: optional(string()),
});

const optionsSchema = object<FluxInput, FluxOptions>({
  repository: string(GIT_URL),
  branch: optional(string(), "main"),
  interval: optional(string("duration"), "1m"),
  reapply: optional(string("duration"), "10m"),
  timeout: optional(string("duration"), "5m"),
  credentials: optional(string()),
  imageUpdates: optional(imageUpdatesSchema),
});

export const fluxSchema = refine(optionsSchema, checkPushing);

/** Nobody pushes to a repository without saying who they are. */
function checkPushing({ imageUpdates, credentials }: FluxOptions, path: Path): Diagnostic[] {
  if (imageUpdates === undefined || credentials !== undefined) return [];
  return [
    contradiction([...path, "imageUpdates"], {
      message: "imageUpdates pushes commits, and there are no credentials to push with",
      hint: "add credentials: the name of a Secret in flux-system that may push",
    }),
  ];
}

/** Flux on every cluster, each applying its own folders. */
export function flux(options: FluxInput): Tagged<"flux", FluxInput> {
  return { kind: "flux", ...options };
}
