// Writes a status only when it differs: at the fixed point a controller writes nothing.

import { deepEqual } from "../../core/index.ts";
import type { ControllerContext, KubernetesObject } from "../../kubernetes/index.ts";

/** `unchanged` when the object had this status already. */
export async function writeStatus<T extends KubernetesObject & { readonly status?: unknown }>(
  { api }: Pick<ControllerContext, "api">,
  object: T,
  status: object,
): Promise<"configured" | "unchanged"> {
  if (deepEqual(object.status ?? {}, status)) return "unchanged";
  await api.update({ ...object, status }, { subresource: "status" });
  return "configured";
}

/** The same counters with those that are zero or undefined left out. */
export type OmitZero<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out members that are zero, as Go's `omitempty` does for counters. */
export function omitZero<T extends Readonly<Record<string, number | undefined>>>(
  counters: T,
): OmitZero<T> {
  const kept = Object.entries(counters).filter(([, value]) => value !== 0 && value !== undefined);
  // The loop above has removed exactly what the type says is removed.
  return Object.fromEntries(kept) as OmitZero<T>;
}
