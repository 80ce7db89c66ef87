// Validation of ServiceCIDRs and IPAddresses. Mirrors kubernetes pkg/apis/networking/validation/validation.go.

import {
  addressVersion,
  deepEqual,
  formatAddress,
  formatCidr,
  isRecord,
  parseCidr,
  parseRange,
} from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField } from "../field-error.ts";
import { recordAt, textAt } from "./fields.ts";
import { nameFaults } from "./names.ts";

type Scope = Readonly<Record<string, unknown>>;

const NOT_A_CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
const ONE_OF_EACH =
  "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64";

export function validateServiceCidr(object: KubernetesObject): readonly StatusCause[] {
  const field = "spec.cidrs";
  const spec = recordAt(object, "spec");
  const texts = cidrsOf(object);
  if (texts.length === 0) return [requiredField(field, "at least one CIDR required")];
  if (texts.length > 2) return [invalidField(field, spec, "may only hold up to 2 values")];
  const cidrs = texts.map((text) => parseCidr(text));
  const isDual = cidrs.length < 2 || new Set(cidrs.map((cidr) => cidr?.version)).size === 2;
  if (!isDual) return [invalidField(field, spec, ONE_OF_EACH)];
  return cidrs.flatMap((cidr, index) => {
    const at = `${field}[${index}]`;
    if (cidr === undefined) return [invalidField(at, texts[index], NOT_A_CIDR)];
    const canonical = formatCidr(cidr);
    if (canonical === texts[index]) return [];
    return [invalidField(at, texts[index], `must be in canonical form ("${canonical}")`)];
  });
}

export function validateServiceCidrUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  const [before, after] = [cidrsOf(old), cidrsOf(next)];
  if (deepEqual(before, after)) return [];
  return [invalidField("spec.cidrs", after, "field is immutable")];
}

function cidrsOf(object: KubernetesObject): readonly string[] {
  const { cidrs } = recordAt(object, "spec");
  return Array.isArray(cidrs) ? cidrs.map(String) : [];
}

export function validateIpAddress(object: KubernetesObject): readonly StatusCause[] {
  const { name } = object.metadata;
  const fault = addressFault(name);
  return [
    ...(fault === undefined ? [] : [invalidField("metadata.name", name, fault)]),
    ...validateParent(recordAt(object, "spec")["parentRef"]),
  ];
}

export function validateIpAddressUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  const parentOf = (object: KubernetesObject): unknown => recordAt(object, "spec")["parentRef"];
  if (deepEqual(parentOf(next), parentOf(old))) return [];
  return [invalidField("spec.parentRef", parentOf(next), "field is immutable")];
}

function addressFault(name: string): string | undefined {
  const version = addressVersion(name);
  const range = version === undefined ? undefined : parseRange(name);
  if (range === undefined) return `ParseAddr(${JSON.stringify(name)}): unable to parse IP`;
  const isCanonical = formatAddress(range.start, range.version) === name;
  return isCanonical ? undefined : "must be a canonical format IP address";
}

function validateParent(parent: unknown): readonly StatusCause[] {
  const field = "spec.parentRef";
  if (!isRecord(parent)) return [requiredField(field)];
  const group = textAt(parent, "group");
  return [
    ...(group === "" ? [] : faultsOf(`${field}.group`, group, "subdomain")),
    ...validatePart(parent, "resource", true),
    ...validatePart(parent, "name", true),
    ...validatePart(parent, "namespace", false),
  ];
}

function validatePart(parent: Scope, part: string, isRequired: boolean): readonly StatusCause[] {
  const field = `spec.parentRef.${part}`;
  const text = textAt(parent, part);
  if (text === "") return isRequired ? [requiredField(field)] : [];
  return faultsOf(field, text, "path-segment");
}

function faultsOf(
  field: string,
  text: string,
  rule: "subdomain" | "path-segment",
): readonly StatusCause[] {
  return nameFaults(text, rule).map((fault) => invalidField(field, text, fault));
}
