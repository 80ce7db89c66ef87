// Validation of CSINodes. Mirrors ValidateCSINode and ValidateCSINodeUpdate of kubernetes
// pkg/apis/storage/validation/validation.go, and ValidateCSIDriverName of pkg/apis/core/validation @v1.36.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { duplicateField, invalidField, requiredField, tooLongField } from "../field-error.ts";
import { listAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { notNegative } from "./int-or-percent.ts";
import { qualifiedNameFaults } from "./labels.ts";
import { nameFaults } from "./names.ts";
import { printStruct } from "./print-struct.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const DRIVER_BYTES_MAX = 63;
const NODE_ID_MAX = 256;

export function validateNewCsiNode(node: KubernetesObject): Causes {
  const drivers = driversOf(node);
  const names = drivers.map((driver) => textAt(driver, "name"));
  return drivers.flatMap((driver, index) => {
    const field = `spec.drivers[${index}]`;
    const name = names[index] ?? "";
    const isTwice = names.indexOf(name) < index;
    return [
      ...validateDriverName(`${field}.name`, name),
      ...validateNodeId(`${field}.nodeID`, textAt(driver, "nodeID")),
      ...notNegative(recordAt(driver, "allocatable"), "count", `${field}.allocatable.count`),
      ...(isTwice ? [duplicateField(`${field}.name`, name)] : []),
      ...validateTopologyKeys(field, listAt(driver, "topologyKeys")),
    ];
  });
}

const DRIVER = { Name: "", NodeID: "", TopologyKeys: null, Allocatable: null } as const;

/** Of a driver that stays, only how many volumes it takes may change. */
export function validateCsiNodeUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const changed = driversOf(old).flatMap((before) =>
    driversOf(next)
      .filter((driver) => textAt(driver, "name") === textAt(before, "name"))
      .map((driver) => [fixed(driver), fixed(before)] as const)
      .filter(([driver, known]) => !deepEqual(driver, known)),
  );
  return [
    ...validateNewCsiNode(next),
    ...changed.map(([driver]) => invalidField("spec.drivers", driver, "field is immutable")),
  ];
}

function fixed(driver: Scope): Scope {
  return { ...printStruct(DRIVER, driver), Allocatable: null };
}

function driversOf(node: KubernetesObject): readonly Scope[] {
  return recordsAt(recordAt(node, "spec"), "drivers");
}

/** Of CSINodes and VolumeAttachments alike; capitals are allowed. */
export function validateDriverName(field: string, name: string): Causes {
  if (name === "") return [requiredField(field)];
  const faults = nameFaults(name.toLowerCase(), "subdomain");
  return [
    ...(name.length > DRIVER_BYTES_MAX ? [tooLongField(field, DRIVER_BYTES_MAX)] : []),
    ...faults.map((fault) => invalidField(field, name, fault)),
  ];
}

function validateNodeId(field: string, id: string): Causes {
  if (id === "") return [requiredField(field)];
  const why = `must be ${NODE_ID_MAX} characters or less`;
  return id.length > NODE_ID_MAX ? [invalidField(field, id, why)] : [];
}

function validateTopologyKeys(field: string, keys: readonly string[]): Causes {
  return keys.flatMap((key, index) => [
    ...(key === "" ? [requiredField(field)] : []),
    ...(keys.indexOf(key) < index ? [duplicateField(field, key)] : []),
    ...qualifiedNameFaults(key).map((fault) => invalidField(field, key, fault)),
  ]);
}
