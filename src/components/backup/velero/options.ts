// Options of Velero.

import { list, object, optional, string, type Tagged } from "../../../model/index.ts";
import { SCHEDULE_FIELDS, type ScheduleInput } from "../backup-options.ts";

export interface VeleroInput extends ScheduleInput {
  /** Namespaces that are copied. Default: all of the cluster. */
  namespaces?: string[];
}

export interface VeleroOptions extends Readonly<ScheduleInput> {
  readonly namespaces: readonly string[];
}

export const veleroSchema = object<VeleroInput, VeleroOptions>({
  ...SCHEDULE_FIELDS,
  namespaces: optional(list(string("dnsLabel")), []),
});

/** Objects of the cluster, and snapshots of its volumes where the storage can, on a schedule, into a bucket. */
export function velero(options: VeleroInput): Tagged<"velero", VeleroInput> {
  return { kind: "velero", ...options };
}
