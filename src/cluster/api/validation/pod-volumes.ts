// Volumes of pods: a name, and one source, each with rules of its own. Mirrors ValidateVolumes and validateVolumeSource of
// kubernetes pkg/apis/core/validation/validation.go @v1.36.

import { duplicateField, forbiddenField, invalidField, requiredField } from "../field-error.ts";
import { recordAt, recordsAt, textAt } from "./fields.ts";
import { nameFaults, validateName } from "./names.ts";
import { POD_SOURCE_RULES } from "./pod-volume-rules.ts";
import { validateProjection } from "./projected-volumes.ts";
import type { Volumes } from "./volume-mounts.ts";
import { portalFaults } from "./volume-targets.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { NO_CAUSES } from "./walk-fields.ts";

export interface PodVolumes {
  /** Those without faults, by name. */
  readonly known: Volumes;
  readonly causes: Causes;
}

export interface VolumeOwner {
  readonly kind: "pod" | "template";
  /** Undefined of a template. */
  readonly name: string | undefined;
}

const NO_VOLUMES: PodVolumes = { known: new Map(), causes: NO_CAUSES };

/** Source → the name it is told of by when it is one too many, and the one its own faults are told by. */
const NAMES: Readonly<Record<string, readonly [second: string, own: string]>> = {
  gcePersistentDisk: ["gcePersistentDisk", "persistentDisk"],
  cephfs: ["cephFS", "cephfs"],
  // As the server spells it.
  downwardAPI: ["downwarAPI", "downwardAPI"],
};

export function validatePodVolumes(field: string, spec: Scope, owner: VolumeOwner): PodVolumes {
  const volumes = recordsAt(spec, "volumes");
  if (volumes.length === 0) return NO_VOLUMES;
  const known = new Map<string, Scope>();
  const created = createdClaims(volumes, owner.name);
  const causes = volumes.flatMap((volume, index) => {
    const at = `${field}.volumes[${index}]`;
    const name = textAt(volume, "name");
    const faults = [...validateSource(at, volume, owner), ...nameFaultsOf(at, name, known)];
    if (faults.length === 0) known.set(name, volume);
    return [...faults, ...ownClaim(at, volume, created)];
  });
  return { known, causes };
}

function nameFaultsOf(field: string, name: string, known: Volumes): Causes {
  const at = `${field}.name`;
  return [
    ...(name === "" ? [requiredField(at)] : validateName(at, name, "label")),
    ...(known.has(name) ? [duplicateField(at, name)] : []),
  ];
}

/** Names of claims that are made for the pod. */
function createdClaims(volumes: readonly Scope[], pod = ""): ReadonlySet<string> {
  if (pod === "") return new Set();
  const made = volumes.filter(({ ephemeral }) => ephemeral !== undefined);
  return new Set(made.map((volume) => `${pod}-${textAt(volume, "name")}`));
}

function ownClaim(field: string, volume: Scope, created: ReadonlySet<string>): Causes {
  const name = textAt(recordAt(volume, "persistentVolumeClaim"), "claimName");
  if (!created.has(name)) return NO_CAUSES;
  const why = "must not reference a PVC that gets created for an ephemeral volume";
  return [invalidField(`${field}.persistentVolumeClaim.claimName`, name, why)];
}

function validateSource(field: string, volume: Scope, owner: VolumeOwner): Causes {
  const present = SOURCES.filter((source) => volume[source] !== undefined);
  const [first] = present;
  if (first === undefined) return [requiredField(field, "must specify a volume type")];
  return present.flatMap((source) => [
    ...(source === first ? ownFaults(field, volume, source, owner) : [oneTooMany(field, source)]),
    ...(source === "iscsi" ? portalFaults(field, volume) : NO_CAUSES),
  ]);
}

/** In the order in which the server looks at them. */
const SOURCES = [
  "emptyDir",
  "hostPath",
  "gitRepo",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "secret",
  "nfs",
  "iscsi",
  "glusterfs",
  "flocker",
  "persistentVolumeClaim",
  "rbd",
  "cinder",
  "cephfs",
  "quobyte",
  "downwardAPI",
  "fc",
  "flexVolume",
  "configMap",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "storageos",
  "projected",
  "scaleIO",
  "csi",
  "ephemeral",
  "image",
] as const;

function oneTooMany(field: string, source: string): Causes[number] {
  const second = NAMES[source]?.[0] ?? source;
  return forbiddenField(`${field}.${second}`, "may not specify more than 1 volume type");
}

function ownFaults(field: string, volume: Scope, name: string, owner: VolumeOwner): Causes {
  const at = `${field}.${NAMES[name]?.[1] ?? name}`;
  const source = recordAt(volume, name);
  const part = { source, volume: textAt(volume, "name") };
  const causes = (POD_SOURCE_RULES[name] ?? []).flatMap((rule) => rule(at, part));
  switch (name) {
    case "projected":
      return [...causes, ...validateProjection(at, source)];
    case "ephemeral":
      return [...causes, ...claimNameFaults(field, part.volume, owner)];
    case "image":
      return owner.kind === "pod" && textAt(source, "reference") === ""
        ? [requiredField(`${at}.reference`), ...causes]
        : causes;
    default:
      return causes;
  }
}

/** The claim is called by the pod and the volume. */
function claimNameFaults(field: string, volume: string, { name = "" }: VolumeOwner): Causes {
  if (name === "" || volume === "") return NO_CAUSES;
  const claim = `${name}-${volume}`;
  return nameFaults(claim, "subdomain").map((fault) =>
    invalidField(`${field}.name`, volume, `PVC name ${JSON.stringify(claim)}: ${fault}`),
  );
}
