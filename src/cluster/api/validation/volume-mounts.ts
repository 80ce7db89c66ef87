// Where containers see volumes: as folders and as devices. Mirrors ValidateVolumeMounts and ValidateVolumeDevices of kubernetes
// pkg/apis/core/validation/validation.go @v1.36.

import {
  forbiddenField,
  invalidField,
  notFoundField,
  requiredField,
  unsupportedField,
} from "../field-error.ts";
import { recordAt, recordsAt, textAt } from "./fields.ts";
import { validateDescendingPath, validateNoBacksteps } from "./relative-paths.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { judgeEach, NO_CAUSES, validateKnown } from "./walk-fields.ts";

/** Name → volume, of those without faults. */
export type Volumes = ReadonlyMap<string, Scope>;

const PROPAGATIONS = ["Bidirectional", "HostToContainer", "None"];
const RECURSIVE = ["Disabled", "Enabled", "IfPossible"];

export function validateVolumeMounts(field: string, container: Scope, volumes: Volumes): Causes {
  if (container["volumeMounts"] === undefined) return NO_CAUSES;
  const devices = placesOf(container, "volumeDevices", "devicePath");
  const paths = new Set<string>();
  // Faults of some fields are told of the list, as the server tells them.
  const list = `${field}.volumeMounts`;
  return judgeEach(field, container, "volumeMounts", (at, mount) => {
    const isTwice = paths.has(textAt(mount, "mountPath"));
    paths.add(textAt(mount, "mountPath"));
    return [
      ...nameFaults(at, mount, volumes),
      ...pathFaults(`${at}.mountPath`, textAt(mount, "mountPath"), isTwice),
      ...overlaps(at, mount, devices),
      ...validateSubPaths(at, mount, list),
      ...propagationFaults(`${list}.mountPropagation`, mount, container),
      ...recursionFaults(`${list}.recursiveReadOnly`, mount),
    ];
  });
}

const NO_PLACES: ReadonlyMap<string, string> = new Map();

/** Name → path. */
function placesOf(container: Scope, list: string, path: string): ReadonlyMap<string, string> {
  if (container[list] === undefined) return NO_PLACES;
  return new Map(
    recordsAt(container, list).map((item) => [textAt(item, "name"), textAt(item, path)]),
  );
}

function nameFaults(field: string, mount: Scope, volumes: Volumes): Causes {
  const name = textAt(mount, "name");
  if (volumes.has(name)) return NO_CAUSES;
  const at = `${field}.name`;
  return [...(name === "" ? [requiredField(at)] : []), notFoundField(at, name)];
}

function pathFaults(field: string, path: string, isTwice: boolean): Causes {
  if (path !== "" && !isTwice) return NO_CAUSES;
  return [
    ...(path === "" ? [requiredField(field)] : []),
    ...(isTwice ? [invalidField(field, path, "must be unique")] : []),
  ];
}

function overlaps(field: string, mount: Scope, devices: ReadonlyMap<string, string>): Causes {
  if (devices.size === 0) return NO_CAUSES;
  const [name, path] = [textAt(mount, "name"), textAt(mount, "mountPath")];
  const taken = "must not already exist in volumeDevices";
  const used = "must not already exist as a path in volumeDevices";
  return [
    ...(devices.has(name) ? [invalidField(`${field}.name`, name, taken)] : []),
    ...([...devices.values()].includes(path)
      ? [invalidField(`${field}.mountPath`, path, used)]
      : []),
  ];
}

function validateSubPaths(field: string, mount: Scope, list: string): Causes {
  const [path, expression] = [textAt(mount, "subPath"), textAt(mount, "subPathExpr")];
  if (path === "" && expression === "") return NO_CAUSES;
  const both = "subPathExpr and subPath are mutually exclusive";
  return [
    ...(path === "" ? [] : validateDescendingPath(`${list}.subPath`, path)),
    ...(path === "" || expression === ""
      ? []
      : [invalidField(`${field}.subPathExpr`, expression, both)]),
    ...(expression === "" ? [] : validateDescendingPath(`${list}.subPathExpr`, expression)),
  ];
}

function propagationFaults(field: string, mount: Scope, container: Scope): Causes {
  const propagation = mount["mountPropagation"];
  if (propagation === undefined) return NO_CAUSES;
  const isPrivileged = recordAt(container, "securityContext")["privileged"] === true;
  const why = "Bidirectional mount propagation is available only to privileged containers";
  return [
    ...validateKnown(field, propagation, PROPAGATIONS),
    ...(propagation === "Bidirectional" && !isPrivileged ? [forbiddenField(field, why)] : []),
  ];
}

function recursionFaults(field: string, mount: Scope): Causes {
  const { recursiveReadOnly, readOnly, mountPropagation = "None" } = mount;
  if (recursiveReadOnly === undefined || recursiveReadOnly === "Disabled") return NO_CAUSES;
  if (!RECURSIVE.some((known) => known === recursiveReadOnly)) {
    return [unsupportedField(field, recursiveReadOnly, RECURSIVE)];
  }
  const only = "may only be specified when";
  const alone = `${only} mountPropagation is None or not specified`;
  return [
    ...(readOnly === true ? [] : [forbiddenField(field, `${only} readOnly is true`)]),
    ...(mountPropagation === "None" ? [] : [forbiddenField(field, alone)]),
  ];
}

export function validateVolumeDevices(field: string, container: Scope, volumes: Volumes): Causes {
  if (container["volumeDevices"] === undefined) return NO_CAUSES;
  const mounts = placesOf(container, "volumeMounts", "mountPath");
  const seen = { names: new Set<string>(), paths: new Set<string>() };
  return judgeEach(field, container, "volumeDevices", (at, device) => [
    ...deviceNameFaults(`${at}.name`, textAt(device, "name"), seen.names, volumes),
    ...devicePathFaults(`${at}.devicePath`, textAt(device, "devicePath"), seen.paths),
    ...mountOverlaps(at, device, mounts),
  ]);
}

function deviceNameFaults(
  field: string,
  name: string,
  seen: Set<string>,
  volumes: Volumes,
): Causes {
  const volume = volumes.get(name);
  const isTwice = seen.has(name);
  if (name !== "") seen.add(name);
  const isClaim =
    volume?.["persistentVolumeClaim"] !== undefined || volume?.["ephemeral"] !== undefined;
  const why =
    "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
  return [
    ...(name === "" ? [requiredField(field)] : []),
    ...(isTwice ? [invalidField(field, name, "must be unique")] : []),
    ...(volume !== undefined && !isClaim ? [invalidField(field, name, why)] : []),
    ...(volume === undefined ? [notFoundField(field, name)] : []),
  ];
}

function devicePathFaults(field: string, path: string, seen: Set<string>): Causes {
  const isTwice = seen.has(path);
  const climbs = validateNoBacksteps(field, path).length > 0;
  if (!climbs) seen.add(path);
  return [
    ...pathFaults(field, path, isTwice),
    ...(climbs ? [invalidField(field, path, "can not contain backsteps ('..')")] : []),
  ];
}

function mountOverlaps(field: string, device: Scope, mounts: ReadonlyMap<string, string>): Causes {
  const [name, path] = [textAt(device, "name"), textAt(device, "devicePath")];
  const taken = "must not already exist in volumeMounts";
  const used = "must not already exist as a path in volumeMounts";
  return [
    ...(mounts.has(name) ? [invalidField(`${field}.name`, name, taken)] : []),
    ...([...mounts.values()].includes(path)
      ? [invalidField(`${field}.devicePath`, path, used)]
      : []),
  ];
}
