// Validation of PersistentVolumeClaims. Mirrors ValidatePersistentVolumeClaimSpec, validateDataSource and validateDataSourceRef of
// kubernetes pkg/apis/core/validation/validation.go @v1.36. What changes is judged beside it.

import { compareQuantities, parseQuantity, plainText, ZERO_QUANTITY } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { validateAccessModes } from "./access-modes.ts";
import { listAt, recordAt, textAt } from "./fields.ts";
import { validateName } from "./names.ts";
import { validateLabelSelector } from "./selectors.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

export interface ClaimOptions {
  /** Values in the selector that are no label values were there before. */
  readonly allowBadValues: boolean;
  /** The source had a group before, whichever. */
  readonly allowAnyGroup: boolean;
}

const STRICT: ClaimOptions = { allowBadValues: false, allowAnyGroup: false };
const NO_MODE = "at least 1 access mode is required";
const VOLUME_MODES = ["Block", "Filesystem"];
const CLAIM = "PersistentVolumeClaim";

export function validateNewClaim(claim: KubernetesObject): Causes {
  return validateClaimSpec("spec", recordAt(claim, "spec"));
}

/** Of claims, and of those that stateful sets and pods make. */
export function validateClaimSpec(field: string, spec: Scope, options = STRICT): Causes {
  const modes = validateAccessModes(`${field}.accessModes`, listAt(spec, "accessModes"), NO_MODE);
  const hasNone = listAt(spec, "accessModes").length === 0;
  return [
    ...(hasNone ? modes : []),
    ...validateLabelSelector(`${field}.selector`, recordAt(spec, "selector"), options),
    ...(hasNone ? [] : modes),
    ...validateStorage(`${field}.resources[storage]`, recordAt(spec, "resources")),
    ...validateClassName(field, spec, "storageClassName"),
    ...validateVolumeMode(`${field}.volumeMode`, spec["volumeMode"]),
    ...validateSource(`${field}.dataSource`, spec["dataSource"], options),
    ...validateSource(`${field}.dataSourceRef`, spec["dataSourceRef"], options),
    ...sourceNamespace(`${field}.dataSourceRef`, recordAt(spec, "dataSourceRef")),
    ...validateBothSources(field, spec),
    ...validateClassName(field, spec, "volumeAttributesClassName"),
  ];
}

function validateStorage(field: string, resources: Scope): Causes {
  const { storage } = recordAt(resources, "requests");
  if (storage === undefined) return [requiredField(field)];
  const quantity = parseQuantity(plainText(storage)) ?? ZERO_QUANTITY;
  if (compareQuantities(quantity, ZERO_QUANTITY) > 0) return [];
  return [invalidField(field, storage, "must be greater than zero")];
}

function validateClassName(field: string, spec: Scope, name: string): Causes {
  const given = textAt(spec, name);
  return given === "" ? [] : validateName(`${field}.${name}`, given, "subdomain");
}

function validateVolumeMode(field: string, mode: unknown): Causes {
  if (mode === undefined || VOLUME_MODES.some((one) => one === mode)) return [];
  return [unsupportedField(field, mode, VOLUME_MODES)];
}

function validateSource(field: string, given: unknown, options: ClaimOptions): Causes {
  if (given === undefined) return [];
  const source = recordAt({ given }, "given");
  const [group, kind] = [textAt(source, "apiGroup"), textAt(source, "kind")];
  const core = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
  return [
    ...(textAt(source, "name") === "" ? [requiredField(`${field}.name`)] : []),
    ...(kind === "" ? [requiredField(`${field}.kind`)] : []),
    ...(group === "" && kind !== CLAIM ? [invalidField(field, kind, core)] : []),
    ...(group === "" || options.allowAnyGroup
      ? []
      : validateName(`${field}.apiGroup`, group, "subdomain")),
  ];
}

function sourceNamespace(field: string, source: Scope): Causes {
  const namespace = textAt(source, "namespace");
  return namespace === "" ? [] : validateName(`${field}.namespace`, namespace, "label");
}

/** The path that upstream shows has nothing to show. */
const NO_VALUE = {};

function validateBothSources(field: string, spec: Scope): Causes {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource === undefined || dataSourceRef === undefined) return [];
  const [source, other] = [recordAt(spec, "dataSource"), recordAt(spec, "dataSourceRef")];
  const elsewhere = "may not be specified when dataSourceRef.namespace is specified";
  if (textAt(other, "namespace") !== "") return [invalidField(field, NO_VALUE, elsewhere)];
  const isSame =
    source["apiGroup"] === other["apiGroup"] &&
    textAt(source, "kind") === textAt(other, "kind") &&
    textAt(source, "name") === textAt(other, "name");
  return isSame ? [] : [invalidField(field, NO_VALUE, "must match dataSourceRef")];
}
