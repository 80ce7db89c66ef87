// Options of pushing with Helm.

import { object, optional, string, type Tagged } from "../../../model/index.ts";

export interface HelmPushInput {
  /** How long each release may take to become ready. Default 5m, as Helm has it. */
  timeout?: string;
}

export interface HelmPushOptions {
  readonly timeout: string;
}

export const helmPushSchema = object<HelmPushInput, HelmPushOptions>({
  timeout: optional(string("duration"), "5m"),
});

/** Nothing on the cluster delivers: a pipeline or a person runs `clusters/<target>/push.sh`. */
export function helmPush(options: HelmPushInput = {}): Tagged<"helm-push", HelmPushInput> {
  return { kind: "helm-push", ...options };
}
