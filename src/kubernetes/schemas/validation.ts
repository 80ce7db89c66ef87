// The state one validation carries from value to value.

import type { PathElement } from "../../core/index.ts";
import type { SchemaProblem } from "./schema-problem.ts";

/** What one validation carries along; `path` is the stack of where it is now. */
export interface Validation {
  readonly path: PathElement[];
  readonly problems: SchemaProblem[];
  readonly unknownFields: "refuse" | "ignore";
  /** `go`: as the server decodes built-in kinds and all metadata; `structural`: as it validates custom kinds. */
  reads: "go" | "structural";
  /** False below a status that the server is going to drop. */
  requiredMatters: boolean;
}
