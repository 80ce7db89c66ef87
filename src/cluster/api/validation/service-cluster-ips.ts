// Cluster IPs and IP families of Services. Mirrors ValidateServiceClusterIPsRelatedFields, validateUpgradeDowngradeClusterIPs and
// validateUpgradeDowngradeIPFamilies of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import { addressVersion } from "../../../core/index.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";
import { duplicateField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { validateAddress } from "./addresses.ts";
import { listAt, textAt } from "./fields.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

export const FAMILIES = ["IPv4", "IPv6"] as const;
const POLICIES: readonly string[] = ["PreferDualStack", "RequireDualStack", "SingleStack"];
const ADDRESSES = "spec.clusterIPs";
const ADDRESSES_MAX = 2;

export function isHeadless(spec: Scope): boolean {
  const addresses = listAt(spec, "clusterIPs");
  return addresses.length === 1 && addresses[0] === "None";
}

export function familyOf(address: string): (typeof FAMILIES)[number] {
  return addressVersion(address) === 6 ? "IPv6" : "IPv4";
}

/** Addresses that were there before may be spelt as they were. */
export function validateClusterIps(spec: Scope, before: Scope = {}): Causes {
  if (spec["type"] === "ExternalName") return [];
  return [
    ...firstFaults(spec),
    ...familyFaults(listAt(spec, "ipFamilies")),
    ...policyFaults(spec["ipFamilyPolicy"]),
    ...addressFaults(spec, listAt(before, "clusterIPs")),
  ];
}

function firstFaults(spec: Scope): Causes {
  const address = textAt(spec, "clusterIP");
  const addresses = listAt(spec, "clusterIPs");
  if (address === "") {
    const why = "must be empty when `clusterIP` is not specified";
    return addresses.length === 0 ? [] : [invalidField(ADDRESSES, addresses, why)];
  }
  if (addresses.length === 0) return [requiredField(ADDRESSES)];
  const why = "first value must match `clusterIP`";
  return addresses[0] === address ? [] : [invalidField(ADDRESSES, addresses, why)];
}

function familyFaults(families: readonly string[]): Causes {
  return families.flatMap((family, index) => {
    const field = `spec.ipFamilies[${index}]`;
    const isKnown = FAMILIES.some((one) => one === family);
    return [
      ...(isKnown ? [] : [unsupportedField(field, family, FAMILIES)]),
      ...(families.indexOf(family) < index ? [duplicateField(field, family)] : []),
    ];
  });
}

function policyFaults(policy: unknown): Causes {
  if (policy === undefined || POLICIES.some((one) => one === policy)) return [];
  return [unsupportedField("spec.ipFamilyPolicy", policy, POLICIES)];
}

/** Of addresses that are none, nothing more is asked. */
function addressFaults(spec: Scope, known: readonly string[]): Causes {
  const addresses = listAt(spec, "clusterIPs");
  const wrong = addresses.flatMap((address, index) => {
    const why = "'None' must be the first and only value";
    if (index === 0 && address === "None")
      return addresses.length > 1 ? [invalidField(ADDRESSES, addresses, why)] : [];
    return known.includes(address) ? [] : validateAddress(`${ADDRESSES}[${index}]`, address);
  });
  const tooMany = "may only hold up to 2 values";
  const causes =
    addresses.length > ADDRESSES_MAX
      ? [...wrong, invalidField(ADDRESSES, addresses, tooMany)]
      : wrong;
  return wrong.length > 0 ? causes : [...causes, ...stackFaults(spec, addresses)];
}

function stackFaults(spec: Scope, addresses: readonly string[]): Causes {
  const one = "may specify no more than one IP for each IP family";
  const isSingle = addresses.length > 1 && new Set(addresses.map(familyOf)).size < 2;
  const families = isHeadless(spec) ? [] : listAt(spec, "ipFamilies");
  return [
    ...(isSingle ? [invalidField(ADDRESSES, addresses, one)] : []),
    ...addresses.flatMap((address, index) => {
      const family = FAMILIES.find((known) => known === families[index]);
      if (family === undefined || family === familyOf(address)) return [];
      const why = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
      return [invalidField(`${ADDRESSES}[${index}]`, address, why)];
    }),
  ];
}

const FIXED = "may not change once set";
const FIRST = `${ADDRESSES}[0]`;

/** An address that is set stays, as long as the type has one at all; a second one may come and go. */
export function validateAddressChange(spec: Scope, before: Scope): Causes {
  if (isNamed(spec, before) || (isHeadless(spec) && isHeadless(before))) return [];
  const [next, old] = [listAt(spec, "clusterIPs"), listAt(before, "clusterIPs")];
  const shown = spec["clusterIPs"];
  if (old.length === next.length) {
    return [...old.keys()]
      .filter((index) => old[index] !== next[index])
      .map((index) => invalidField(`${ADDRESSES}[${index}]`, shown, FIXED));
  }
  const unset = "primary clusterIP can not be unset";
  return [
    ...(next.length === 0 ? [invalidField(FIRST, shown, unset)] : []),
    ...(isOther(next, old) ? [invalidField(FIRST, shown, FIXED)] : []),
    ...releaseFaults(spec, next, old, "clusterIP"),
  ];
}

export function validateFamilyChange(spec: Scope, before: Scope): Causes {
  if (isNamed(spec, before) || isHeadless(spec) || isHeadless(before)) return [];
  const [next, old] = [listAt(spec, "ipFamilies"), listAt(before, "ipFamilies")];
  const first = "spec.ipFamilies[0]";
  if (old.length === next.length) {
    return old
      .filter((family, index) => family !== next[index])
      .map(() => invalidField(first, spec["ipFamilies"], FIXED));
  }
  const unset = "primary ipFamily can not be unset";
  const isUnset = old.length > next.length && listAt(spec, "clusterIPs").length === 0;
  return [
    ...(isUnset ? [invalidField(first, spec["ipFamilies"], unset)] : []),
    // The addresses are what upstream shows.
    ...(isOther(next, old) ? [invalidField(first, spec["clusterIPs"], FIXED)] : []),
    ...releaseFaults(spec, next, old, "ipFamily"),
  ];
}

function isNamed(spec: Scope, before: Scope): boolean {
  return spec["type"] === "ExternalName" || before["type"] === "ExternalName";
}

function isOther(next: readonly string[], old: readonly string[]): boolean {
  return next.length > 0 && old.length > 0 && next[0] !== old[0];
}

function releaseFaults(
  spec: Scope,
  next: readonly string[],
  old: readonly string[],
  what: string,
): Causes {
  const policy = spec["ipFamilyPolicy"];
  if (old.length < next.length || next.length !== 1 || policy === "SingleStack") return [];
  const why = `must be set to 'SingleStack' when releasing the secondary ${what}`;
  return [invalidField("spec.ipFamilyPolicy", policy, why)];
}
