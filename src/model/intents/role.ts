// Groups of people and what they may do: how they are written and read.

import type { Diagnostic, Path } from "../../core/index.ts";
import { contradiction } from "../diagnostics.ts";
import { oneOf } from "../schema/choice.ts";
import { list } from "../schema/list.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import { refine } from "../schema/refine.ts";
import type { Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";

/** A group of people and what they may do. */
export interface Role {
  /** `cluster-admin` everything; `delivery-admin` the GitOps engine; `developer` apps' namespaces; `viewer` read only, no secrets. */
  level: "cluster-admin" | "delivery-admin" | "developer" | "viewer";
  /** Groups as the identity provider names them. */
  groups: string[];
  /** For `developer` and `viewer`: only these namespaces, of a team or tenant. Default: all of people's apps; a viewer sees all. */
  namespaces?: string[];
}

export const roleSchema: Schema<Role> = refine(
  object<Role>({
    level: oneOf(["cluster-admin", "delivery-admin", "developer", "viewer"]),
    groups: list(string(), { min: 1 }),
    namespaces: optional(list(string("dnsLabel"), { min: 1 })),
  }),
  checkScope,
);

/** An administrator is one everywhere. */
function checkScope({ level, namespaces }: Role, path: Path): Diagnostic[] {
  if (namespaces === undefined || level === "developer" || level === "viewer") return [];
  return [
    contradiction([...path, "namespaces"], {
      message: `${level} holds for the whole cluster and not for single namespaces`,
      hint: "drop namespaces, or choose the level developer or viewer",
    }),
  ];
}
