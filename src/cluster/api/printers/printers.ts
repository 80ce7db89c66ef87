// Which printer a kind has.

import type { Resource } from "../resource.ts";
import { ACCESS_PRINTERS } from "./access.ts";
import { AUTOSCALING_PRINTERS } from "./autoscaling.ts";
import { DEFAULT_PRINTER } from "./column.ts";
import type { Printer } from "./column.ts";
import { CONFIGURATION_PRINTERS } from "./configuration.ts";
import { customPrinter } from "./custom-columns.ts";
import { EVENT_PRINTERS } from "./events.ts";
import { NODE_PRINTERS } from "./nodes.ts";
import { POD_PRINTERS } from "./pods.ts";
import { SERVICE_PRINTERS } from "./services.ts";
import { STORAGE_PRINTERS } from "./storage.ts";
import { WORKLOAD_PRINTERS } from "./workloads.ts";

/** Keyed `group/plural`, and `group/Kind` where a kind has no path of its own. */
const BUILTIN_PRINTERS: Readonly<Record<string, Printer>> = {
  ...POD_PRINTERS,
  ...NODE_PRINTERS,
  ...WORKLOAD_PRINTERS,
  ...SERVICE_PRINTERS,
  ...STORAGE_PRINTERS,
  ...CONFIGURATION_PRINTERS,
  ...EVENT_PRINTERS,
  ...AUTOSCALING_PRINTERS,
  ...ACCESS_PRINTERS,
};

export function printerOf({ facts }: Pick<Resource, "facts">): Printer {
  if (facts.custom !== undefined) return customPrinter(facts);
  return BUILTIN_PRINTERS[`${facts.group}/${facts.resource || facts.kind}`] ?? DEFAULT_PRINTER;
}
