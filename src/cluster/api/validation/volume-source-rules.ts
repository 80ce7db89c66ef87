// What each source of a volume has to say. Mirrors the validate…VolumeSource and validate…PersistentVolumeSource functions
// of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import type { StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField, tooLongField, unsupportedField } from "../field-error.ts";
import { recordAt, textAt } from "./fields.ts";
import { nameFaults, validateName } from "./names.ts";
import { AZURE_DISK, FIBRE_CHANNEL, FLOCKER, ISCSI, QUOBYTE } from "./volume-block-rules.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

export interface SourcePart {
  readonly source: Scope;
  /** The name of the volume. */
  readonly volume: string;
}
export type SourceRule = (field: string, part: SourcePart) => Causes;

const HOST_PATH_TYPES = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];
const DRIVER_LENGTH_MAX = 63;

/** In the order in which the server looks at them. */
export const SOURCE_RULES: Readonly<Record<string, readonly SourceRule[]>> = {
  hostPath: [path(hostPathType)],
  gcePersistentDisk: [text("pdName"), partition],
  awsElasticBlockStore: [text("volumeID"), partition],
  glusterfs: [text("endpoints"), text("path"), endpointsNamespace],
  flocker: FLOCKER,
  nfs: [text("server"), text("path"), absolutePath],
  rbd: [list("monitors"), text("image")],
  quobyte: QUOBYTE,
  cephfs: [list("monitors")],
  iscsi: ISCSI,
  cinder: [text("volumeID"), secret],
  fc: FIBRE_CHANNEL,
  flexVolume: [text("driver"), flexOptions],
  azureFile: [text("secretName"), text("shareName"), secretNamespace],
  vsphereVolume: [text("volumePath")],
  photonPersistentDisk: [text("pdID")],
  portworxVolume: [text("volumeID")],
  azureDisk: AZURE_DISK,
  scaleIO: [text("gateway"), text("system"), text("volumeName")],
  local: [path()],
  storageos: [text("volumeName"), label("volumeName"), label("volumeNamespace"), secret],
  csi: [
    driver,
    text("volumeHandle"),
    reference("controllerPublishSecretRef"),
    reference("controllerExpandSecretRef"),
    reference("nodePublishSecretRef"),
    reference("nodeExpandSecretRef"),
  ],
};

function text(name: string): SourceRule {
  return (field, { source }) =>
    textAt(source, name) === "" ? [requiredField(`${field}.${name}`)] : [];
}

function list(name: string): SourceRule {
  return (field, { source }) => {
    const items = source[name];
    return Array.isArray(items) && items.length > 0 ? [] : [requiredField(`${field}.${name}`)];
  };
}

function label(name: string): SourceRule {
  return (field, { source }) => {
    const value = textAt(source, name);
    return value === "" ? [] : validateName(`${field}.${name}`, value, "label");
  };
}

/** A path that is there, and climbs nowhere; then what else is to say. */
function path(more: SourceRule = () => []): SourceRule {
  return (field, part) => {
    const value = textAt(part.source, "path");
    if (value === "") return [requiredField(`${field}.path`)];
    const climbs = value.split("/").includes("..");
    return [
      ...(climbs ? [invalidField(`${field}.path`, value, "must not contain '..'")] : []),
      ...more(field, part),
    ];
  };
}

function hostPathType(field: string, { source }: SourcePart): Causes {
  const type = source["type"] ?? "";
  if (HOST_PATH_TYPES.some((known) => known === type)) return [];
  return [unsupportedField(`${field}.type`, type, HOST_PATH_TYPES)];
}

function absolutePath(field: string, { source }: SourcePart): Causes {
  const value = textAt(source, "path");
  if (value.startsWith("/")) return [];
  return [invalidField(`${field}.path`, value, "must be an absolute path")];
}

function partition(field: string, { source }: SourcePart): Causes {
  const number = Number(source["partition"] ?? 0);
  if (number >= 0 && number <= 255) return [];
  return [invalidField(`${field}.partition`, number, "must be between 1 and 255, inclusive")];
}

function endpointsNamespace(field: string, { source }: SourcePart): Causes {
  const name = source["endpointsNamespace"];
  const at = `${field}.endpointsNamespace`;
  if (typeof name !== "string") return [];
  if (name !== "") return validateName(at, name, "label");
  const why = "if the endpointnamespace is set, it must be a valid namespace name";
  return [invalidField(at, name, why)];
}

function secret(field: string, { source }: SourcePart): Causes {
  if (source["secretRef"] === undefined) return [];
  const named = recordAt(source, "secretRef");
  return ["name", "namespace"]
    .filter((part) => textAt(named, part) === "")
    .map((part) => requiredField(`${field}.secretRef.${part}`));
}

function secretNamespace(field: string, { source }: SourcePart): Causes {
  return source["secretNamespace"] === "" ? [requiredField(`${field}.secretNamespace`)] : [];
}

function flexOptions(field: string, { source }: SourcePart): Causes {
  const why = "kubernetes.io and k8s.io namespaces are reserved";
  return Object.keys(recordAt(source, "options"))
    .toSorted()
    .filter((key) => /(^|\.)(kubernetes|k8s)\.io$/.test(key.split("/")[0]?.toLowerCase() ?? ""))
    .map((key) => invalidField(`${field}.options[${key}]`, key, why));
}

export function driver(field: string, { source }: SourcePart): Causes {
  const at = `${field}.driver`;
  const name = textAt(source, "driver");
  if (name === "") return [requiredField(at)];
  return [
    ...(name.length > DRIVER_LENGTH_MAX ? [tooLongField(at, DRIVER_LENGTH_MAX)] : []),
    ...nameFaults(name.toLowerCase(), "subdomain").map((fault) => invalidField(at, name, fault)),
  ];
}

/** A secret by name and namespace, both well formed. */
function reference(name: string): SourceRule {
  return (field, { source }) => {
    if (source[name] === undefined) return [];
    const named = recordAt(source, name);
    return (["name", "namespace"] as const).flatMap((part) => {
      const value = textAt(named, part);
      const at = `${field}.${name}.${part}`;
      if (value === "") return [requiredField(at)];
      return validateName(at, value, part === "name" ? "subdomain" : "label");
    });
  };
}
