// The namespace of databases, whoever provides them: apps always find `<name>-rw.data.svc`.

import type { Path } from "../../core/index.ts";
import type { PlannedNamespace } from "../../model/index.ts";

export const DATA_NAMESPACE = "data";

export function dataNamespace(origin: Path): PlannedNamespace {
  return { name: DATA_NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin };
}

/** Host of the primary, resolvable from every namespace. */
export function primaryHost(database: string): string {
  return `${database}-rw.${DATA_NAMESPACE}.svc`;
}
