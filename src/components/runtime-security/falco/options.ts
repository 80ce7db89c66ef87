// Options of Falco.

import { object, oneOf, optional, type Tagged } from "../../../model/index.ts";

const PRIORITIES = ["warning", "notice", "informational", "debug"] as const;

export interface FalcoInput {
  /** The least urgent events that are told. Default "notice". */
  priority?: (typeof PRIORITIES)[number];
}

export interface FalcoOptions {
  readonly priority: (typeof PRIORITIES)[number];
}

export const falcoSchema = object<FalcoInput, FalcoOptions>({
  priority: optional(oneOf(PRIORITIES), "notice"),
});

/** Watches the system calls of every container, by modern eBPF. */
export function falco(options: FalcoInput = {}): Tagged<"falco", FalcoInput> {
  return { kind: "falco", ...options };
}
