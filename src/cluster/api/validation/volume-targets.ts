// iSCSI targets that pods name themselves. Mirrors validateISCSIVolumeSource of kubernetes
// pkg/apis/core/validation/validation.go @v1.36.

import { invalidField, requiredField } from "../field-error.ts";
import { recordAt, textAt } from "./fields.ts";
import type { SourcePart, SourceRule } from "./volume-source-rules.ts";
import {
  chapSecret,
  FORMAT,
  isStorageName,
  NAME_FORMATS,
  PORTAL_LENGTH_MAX,
  PORTAL_TEXT,
  unit,
} from "./volume-block-rules.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { NO_CAUSES } from "./walk-fields.ts";

const START = "must be valid format starting with iqn, eui, or naa";

export const POD_ISCSI: readonly SourceRule[] = [names, unit, chapSecret, initiator];

function names(field: string, { source }: SourcePart): Causes {
  const [portal, name] = [textAt(source, "targetPortal"), textAt(source, "iqn")];
  return [
    ...(portal === "" ? [requiredField(`${field}.targetPortal`)] : []),
    ...(name === "" ? [requiredField(`${field}.iqn`)] : storageName(`${field}.iqn`, name)),
  ];
}

function initiator(field: string, { source }: SourcePart): Causes {
  const name = source["initiatorName"];
  return typeof name === "string" ? storageName(`${field}.initiatorname`, name) : NO_CAUSES;
}

function storageName(field: string, name: string): Causes {
  if (isStorageName(name)) return NO_CAUSES;
  const isBegun = NAME_FORMATS.some(([prefix]) => name.startsWith(prefix));
  return [invalidField(field, name, isBegun ? FORMAT : START)];
}

/** Told of the volume, which has to fit a name of the node together with its portal. */
export function portalFaults(field: string, volume: Scope): Causes {
  const source = recordAt(volume, "iscsi");
  const name = textAt(volume, "name");
  const length = `${name}:${textAt(source, "targetPortal")}`.length;
  if (source["initiatorName"] === undefined || length <= PORTAL_LENGTH_MAX) return NO_CAUSES;
  return [invalidField(`${field}.name`, name, PORTAL_TEXT)];
}
