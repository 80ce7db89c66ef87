// Sources of volumes whose parts have to go together. Mirrors validateISCSIPersistentVolumeSource, validateFCVolumeSource,
// validateAzureDisk, validateQuobyteVolumeSource and validateFlockerVolumeSource of kubernetes
// pkg/apis/core/validation/validation.go @v1.36.

import type { StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { recordAt, textAt } from "./fields.ts";
import type { SourcePart, SourceRule } from "./volume-source-rules.ts";

type Causes = readonly StatusCause[];

const UNIT_RANGE = "must be between 0 and 255, inclusive";
export const FORMAT = "must be valid format";
/** Prefix → the whole name of an initiator or target. */
export const NAME_FORMATS: readonly (readonly [prefix: string, format: RegExp])[] = [
  ["iqn", /iqn\.\d{4}-\d{2}\.([0-9A-Za-z-.]+)(:[^,;*&$|\s]+)$/],
  ["eui", /^eui.[0-9A-Za-z]{16}$/],
  ["naa", /^naa.[0-9A-Za-z]{32}$/],
];
export const PORTAL_LENGTH_MAX = 64;
export const PORTAL_TEXT =
  "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";

export const ISCSI: readonly SourceRule[] = [
  portal,
  targetName,
  unit,
  chapSecret,
  secretName,
  initiator,
];

function portal(field: string, { source, volume }: SourcePart): Causes {
  const value = textAt(source, "targetPortal");
  const isLong =
    source["initiatorName"] !== undefined && `${volume}:${value}`.length > PORTAL_LENGTH_MAX;
  return [
    ...(value === "" ? [requiredField(`${field}.targetPortal`)] : []),
    ...(isLong ? [invalidField(`${field}.targetportal`, value, PORTAL_TEXT)] : []),
  ];
}

function targetName(field: string, { source }: SourcePart): Causes {
  const name = textAt(source, "iqn");
  if (name === "") return [requiredField(`${field}.iqn`)];
  return isStorageName(name) ? [] : [invalidField(`${field}.iqn`, name, FORMAT)];
}

export function isStorageName(name: string): boolean {
  const known = NAME_FORMATS.find(([prefix]) => name.startsWith(prefix));
  return known !== undefined && known[1].test(name);
}

export function unit(field: string, { source }: SourcePart): Causes {
  const number = Number(source["lun"] ?? 0);
  return number >= 0 && number <= 255 ? [] : [invalidField(`${field}.lun`, number, UNIT_RANGE)];
}

export function chapSecret(field: string, { source }: SourcePart): Causes {
  const asks = source["chapAuthDiscovery"] === true || source["chapAuthSession"] === true;
  return asks && source["secretRef"] === undefined ? [requiredField(`${field}.secretRef`)] : [];
}

function secretName(field: string, { source }: SourcePart): Causes {
  if (source["secretRef"] === undefined) return [];
  const isNamed = textAt(recordAt(source, "secretRef"), "name") !== "";
  return isNamed ? [] : [requiredField(`${field}.secretRef.name`)];
}

function initiator(field: string, { source }: SourcePart): Causes {
  const name = source["initiatorName"];
  if (typeof name !== "string" || isStorageName(name)) return [];
  return [invalidField(`${field}.initiatorname`, name, FORMAT)];
}

export const FIBRE_CHANNEL: readonly SourceRule[] = [worldWideNames, fibreUnit];

function worldWideNames(field: string, { source }: SourcePart): Causes {
  const [targets, ids] = [countOf(source["targetWWNs"]), countOf(source["wwids"])];
  const at = `${field}.targetWWNs`;
  const neither = "must specify either targetWWNs or wwids, but not both";
  if (targets + ids === 0) return [requiredField(at, neither)];
  const both = "targetWWNs and wwids can not be specified simultaneously";
  return targets > 0 && ids > 0 ? [invalidField(at, source["targetWWNs"], both)] : [];
}

function fibreUnit(field: string, part: SourcePart): Causes {
  if (countOf(part.source["targetWWNs"]) === 0) return [];
  if (part.source["lun"] !== undefined) return unit(field, part);
  return [requiredField(`${field}.lun`, "lun is required if targetWWNs is specified")];
}

function countOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

const CACHING_MODES = ["None", "ReadOnly", "ReadWrite"];
const DISK_KINDS = ["Dedicated", "Managed", "Shared"];
const MANAGED_DISK =
  "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
const BLOB_DISK = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";

export const AZURE_DISK: readonly SourceRule[] = [
  required("diskName"),
  required("diskURI"),
  azureDisk,
];

function required(name: string): SourceRule {
  return (field, { source }) =>
    textAt(source, name) === "" ? [requiredField(`${field}.${name}`)] : [];
}

/** A disk that says nothing of its kind is a shared one. */
function azureDisk(field: string, { source }: SourcePart): Causes {
  const { cachingMode = "ReadWrite", kind = "Shared" } = source;
  const uri = textAt(source, "diskURI");
  const [start, form] =
    kind === "Managed" ? ["/subscriptions/", MANAGED_DISK] : ["https://", BLOB_DISK];
  return [
    ...oneOf(`${field}.cachingMode`, cachingMode, CACHING_MODES),
    ...oneOf(`${field}.kind`, kind, DISK_KINDS),
    ...(uri.startsWith(start) ? [] : [unsupportedField(`${field}.diskURI`, uri, [form])]),
  ];
}

function oneOf(field: string, value: unknown, known: readonly string[]): Causes {
  return known.some((one) => one === value) ? [] : [unsupportedField(field, value, known)];
}

const PAIRS = "must be a host:port pair or multiple pairs separated by commas";
const TENANT_LENGTH_MAX = 64;

export const QUOBYTE: readonly SourceRule[] = [quobyte, required("volume")];

function quobyte(field: string, { source }: SourcePart): Causes {
  const registry = textAt(source, "registry");
  if (registry === "") return [requiredField(`${field}.registry`, PAIRS)];
  if (textAt(source, "tenant").length > TENANT_LENGTH_MAX) {
    const why = "must be a UUID and may not exceed a length of 64 characters";
    return [requiredField(`${field}.tenant`, why)];
  }
  return registry
    .split(",")
    .filter((pair) => !/^(\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/.test(pair))
    .map(() => invalidField(`${field}.registry`, registry, PAIRS));
}

export const FLOCKER: readonly SourceRule[] = [
  (field, { source }) => {
    const [name, uuid] = [textAt(source, "datasetName"), textAt(source, "datasetUUID")];
    const both = "datasetName and datasetUUID can not be specified simultaneously";
    if (name === "" && uuid === "") {
      return [requiredField(field, "one of datasetName and datasetUUID is required")];
    }
    return [
      ...(name !== "" && uuid !== "" ? [invalidField(field, "resource", both)] : []),
      ...(name.includes("/")
        ? [invalidField(`${field}.datasetName`, name, "must not contain '/'")]
        : []),
    ];
  },
];
