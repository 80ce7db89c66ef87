// Machines of one's own: how many there are of a role and what each holds.

import { integer, object, optional, string, type Schema } from "../../model/index.ts";

export interface Machines {
  /** How many. */
  count?: number;
  /** CPU of each. Default 4. */
  cpu?: string;
  /** Memory of each. Default 16Gi. */
  memory?: string;
  /** What volumes may take of its disks. Default: not stated, and not added up. */
  storage?: string;
}

export type MachinesSettings = Readonly<Required<Omit<Machines, "storage">>> &
  Pick<Machines, "storage">;

export function machinesSchema(count: number, least = 1): Schema<Machines, MachinesSettings> {
  return object<Machines, MachinesSettings>({
    count: optional(integer({ min: least, max: 1000 }), count),
    cpu: optional(string("quantity"), "4"),
    memory: optional(string("quantity"), "16Gi"),
    storage: optional(string("quantity")),
  });
}
