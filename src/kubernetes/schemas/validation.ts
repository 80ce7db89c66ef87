// The state one validation carries from value to value.

import type { PathElement } from "../../core/index.ts";
import type { SchemaProblem } from "./schema-problem.ts";

/** What one validation carries along; `path` is the stack of where it is now. */
export interface Validation {
  readonly path: PathElement[];
  readonly problems: SchemaProblem[];
  readonly unknownFields: "refuse" | "ignore";
  /** Null is an absent value, as Go's decoder reads it; structural schemas want `nullable`. */
  nullIsAbsent: boolean;
  requiredMatters: boolean;
}
