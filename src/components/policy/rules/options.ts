// What a person may choose about the rules, the same whoever enforces them.

import { list, oneOf, optional, record, string } from "../../../model/index.ts";
import type { Enforcement } from "./rule.ts";

export interface PolicyInput {
  /** What happens to an object that breaks a rule: refused, admitted with a warning, or only noted. Default "deny". */
  enforcement?: Enforcement;
  /** Another enforcement for single rules, or `false` to leave one out; by name, as `keelson explain` lists them. */
  rules?: Record<string, Enforcement | false>;
  /** Beginnings of image names that apps may use. Default: where the platform's own images come from. */
  registries?: string[];
  /** Labels every workload carries. Default: app.kubernetes.io/name and app.kubernetes.io/part-of. */
  labels?: string[];
  /** Namespaces that the rules leave alone. Default none. */
  except?: string[];
}

export interface PolicyOptions {
  readonly enforcement: Enforcement;
  readonly rules: Readonly<Record<string, Enforcement | false>>;
  readonly registries?: readonly string[];
  readonly labels: readonly string[];
  readonly except: readonly string[];
}

const ENFORCEMENTS = ["deny", "warn", "audit"] as const;

/** The shape every filler of the slot shares; each may add what is its own. */
export const POLICY_SHAPE = {
  enforcement: optional(oneOf(ENFORCEMENTS), "deny"),
  rules: optional(record(oneOf([...ENFORCEMENTS, false])), {}),
  registries: optional(list(string(), { min: 1 })),
  labels: optional(list(string()), ["app.kubernetes.io/name", "app.kubernetes.io/part-of"]),
  except: optional(list(string()), []),
};
