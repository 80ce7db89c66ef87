// IP families of Services on a cluster that has IPv4 alone. Mirrors kubernetes pkg/registry/core/service/storage/alloc.go
// (initIPFamilyFields) and pkg/apis/core/validation/validation.go (ValidateServiceClusterIPsRelatedFields).

import { addressVersion } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { duplicateField, invalidField, unsupportedField } from "../field-error.ts";
import { invalid } from "../refusals.ts";
import { NOT_AN_ADDRESS } from "../validation/addresses.ts";
import { recordAt, textAt } from "../validation/fields.ts";

type Scope = Readonly<Record<string, unknown>>;

const FAMILIES = ["IPv4", "IPv6"] as const;
const POLICIES: readonly string[] = ["PreferDualStack", "RequireDualStack", "SingleStack"];
const SERVED = "IPv4";
const NONE = "None";

/** With families and a policy; throws 422 for what this cluster cannot give. */
export function withFamilies(asked: Scope, service: KubernetesObject): Scope {
  const spec = { ...asked, ipFamilyPolicy: policyOf(asked) };
  const refuse = (causes: readonly StatusCause[]): void => {
    if (causes.length > 0)
      throw invalid({ group: "", kind: "Service" }, service.metadata.name, causes);
  };
  refuse(unrelatedFaults(spec));
  refuse([...policyFaults(spec), ...addressFaults(spec)]);
  if (isFreeOfFamilies(spec)) return withAnyFamilies(spec);
  refuse(missingFaults(spec));
  // One family, whatever is preferred: the other one is not there.
  return { ...spec, ipFamilies: [SERVED] };
}

const SINGLE = "SingleStack";
const REQUIRE = "RequireDualStack";

function policyOf(spec: Scope): string {
  return textAt(spec, "ipFamilyPolicy") || (isFreeOfFamilies(spec) ? REQUIRE : SINGLE);
}

function unrelatedFaults(spec: Scope): StatusCause[] {
  const families = textsOf(spec, "ipFamilies");
  const policy = textAt(spec, "ipFamilyPolicy");
  const causes = families.flatMap((family, index) => {
    const field = `spec.ipFamilies[${index}]`;
    const isKnown = FAMILIES.some((one) => one === family);
    return [
      ...(isKnown ? [] : [unsupportedField(field, family, FAMILIES)]),
      ...(families.indexOf(family) < index ? [duplicateField(field, family)] : []),
    ];
  });
  if (!POLICIES.includes(policy))
    causes.push(unsupportedField("spec.ipFamilyPolicy", policy, POLICIES));
  return [...causes, ...clusterIpFaults(spec, families)];
}

function clusterIpFaults(spec: Scope, families: readonly string[]): readonly StatusCause[] {
  const field = "spec.clusterIPs";
  const addresses = textsOf(spec, "clusterIPs");
  const [first, ...others] = addresses;
  if (first === NONE) {
    const isAlone = others.length === 0;
    const why = "'None' must be the first and only value";
    return isAlone ? [] : [invalidField(field, addresses, why)];
  }
  const wrong = addresses.flatMap((address, index) =>
    addressVersion(address) === undefined
      ? [invalidField(`${field}[${index}]`, address, NOT_AN_ADDRESS)]
      : [],
  );
  if (wrong.length > 0) return wrong;
  const causes: StatusCause[] = [];
  if (addresses.length > 2)
    causes.push(invalidField(field, addresses, "may only hold up to 2 values"));
  if (addresses.length > 1 && new Set(addresses.map(familyOf)).size < 2) {
    const why = "may specify no more than one IP for each IP family";
    causes.push(invalidField(field, addresses, why));
  }
  addresses.forEach((address, index) => {
    const family = families[index];
    if (family === undefined || family === familyOf(address)) return;
    const why = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
    causes.push(invalidField(`${field}[${index}]`, address, why));
  });
  return causes;
}

function policyFaults(spec: Scope): readonly StatusCause[] {
  const policy = textAt(spec, "ipFamilyPolicy");
  if (policy !== SINGLE) return [];
  return [
    ["clusterIPs", "cluster IPs"],
    ["ipFamilies", "IP families"],
  ].flatMap(([field = "", what]) => {
    if (textsOf(spec, field).length !== 2) return [];
    const why = `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`;
    return [invalidField("spec.ipFamilyPolicy", policy, why)];
  });
}

/** Addresses of a family that nobody named. */
function addressFaults(spec: Scope): readonly StatusCause[] {
  const addresses = textsOf(spec, "clusterIPs");
  const named = textsOf(spec, "ipFamilies").length;
  return addresses.flatMap((address, index) => {
    if (address === NONE || index < named || familyOf(address) === SERVED) return [];
    const why = `${familyOf(address)} is not configured on this cluster`;
    return [invalidField(`spec.clusterIPs[${index}]`, addresses, why)];
  });
}

function missingFaults(spec: Scope): readonly StatusCause[] {
  const policy = textAt(spec, "ipFamilyPolicy");
  const causes: StatusCause[] = [];
  if (policy === REQUIRE) {
    const why = "this cluster is not configured for dual-stack services";
    causes.push(invalidField("spec.ipFamilyPolicy", policy, why));
  }
  textsOf(spec, "ipFamilies").forEach((family, index) => {
    if (family === SERVED) return;
    const why = "not configured on this cluster";
    causes.push(invalidField(`spec.ipFamilies[${index}]`, family, why));
  });
  return causes;
}

/** Headless and without a selector: somebody else writes the endpoints, of whichever family. */
function isFreeOfFamilies(spec: Scope): boolean {
  const isHeadless = spec["clusterIP"] === NONE || textsOf(spec, "clusterIPs")[0] === NONE;
  return isHeadless && Object.keys(recordAt(spec, "selector")).length === 0;
}

function withAnyFamilies(spec: Scope): Scope {
  const given = textsOf(spec, "ipFamilies");
  const families = given.length === 0 ? [SERVED] : given;
  const other = FAMILIES.find((family) => family !== families[0]);
  const isBoth = families.length < 2 && spec["ipFamilyPolicy"] !== SINGLE && other !== undefined;
  return { ...spec, ipFamilies: isBoth ? [...families, other] : families };
}

function familyOf(address: string): (typeof FAMILIES)[number] {
  return addressVersion(address) === 6 ? "IPv6" : "IPv4";
}

function textsOf(spec: Scope, field: string): readonly string[] {
  const list = spec[field];
  return Array.isArray(list) ? list.map(String) : [];
}
