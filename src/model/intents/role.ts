// Groups of people and what they may do: how they are written and read.

import { oneOf } from "../schema/choice.ts";
import { list } from "../schema/list.ts";
import { object } from "../schema/object.ts";
import type { Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";

/** A group of people and what they may do. */
export interface Role {
  /** `cluster-admin` everything; `delivery-admin` the GitOps engine; `developer` apps' namespaces; `viewer` read only, no secrets. */
  level: "cluster-admin" | "delivery-admin" | "developer" | "viewer";
  /** Groups as the identity provider names them. */
  groups: string[];
}

export const roleSchema: Schema<Role> = object<Role>({
  level: oneOf(["cluster-admin", "delivery-admin", "developer", "viewer"]),
  groups: list(string(), { min: 1 }),
});
