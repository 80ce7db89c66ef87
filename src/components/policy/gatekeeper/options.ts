// Options of Gatekeeper: the rules' own, and what happens while nobody can be asked.

import { object, oneOf, optional, type Tagged } from "../../../model/index.ts";
import { POLICY_SHAPE, type PolicyInput, type PolicyOptions } from "../rules/index.ts";

export interface GatekeeperInput extends PolicyInput {
  /**
   * What the API server does while Gatekeeper does not answer: let objects in ("Ignore"; the audit finds them later) or refuse
   * them ("Fail"). Default "Ignore", as the chart has it.
   */
  whenUnavailable?: "Ignore" | "Fail";
}

export interface GatekeeperOptions extends PolicyOptions {
  readonly whenUnavailable: "Ignore" | "Fail";
}

export const gatekeeperSchema = object<GatekeeperInput, GatekeeperOptions>({
  ...POLICY_SHAPE,
  whenUnavailable: optional(oneOf(["Ignore", "Fail"]), "Ignore"),
});

/** The platform's rules, enforced by Open Policy Agent's Gatekeeper, which also audits what is there already. */
export function gatekeeper(options: GatekeeperInput = {}): Tagged<"gatekeeper", GatekeeperInput> {
  return { kind: "gatekeeper", ...options };
}
