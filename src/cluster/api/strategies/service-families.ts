// IP families of Services on a cluster that has IPv4 alone. Mirrors kubernetes pkg/registry/core/service/storage/alloc.go
// (initIPFamilyFields) and pkg/apis/core/validation/validation.go (ValidateServiceClusterIPsRelatedFields).

import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField } from "../field-error.ts";
import { invalid } from "../refusals.ts";
import { listAt, recordAt, textAt } from "../validation/fields.ts";
import { FAMILIES, familyOf, validateClusterIps } from "../validation/service-cluster-ips.ts";

type Scope = Readonly<Record<string, unknown>>;

const SERVED = "IPv4";
const NONE = "None";

/** With families and a policy; throws 422 for what this cluster cannot give. */
export function withFamilies(asked: Scope, service: KubernetesObject): Scope {
  const spec = { ...asked, ipFamilyPolicy: policyOf(asked) };
  const refuse = (causes: readonly StatusCause[]): void => {
    if (causes.length > 0)
      throw invalid({ group: "", kind: "Service" }, service.metadata.name, causes);
  };
  refuse(validateClusterIps(spec));
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

function policyFaults(spec: Scope): readonly StatusCause[] {
  const policy = textAt(spec, "ipFamilyPolicy");
  if (policy !== SINGLE) return [];
  return [
    ["clusterIPs", "cluster IPs"],
    ["ipFamilies", "IP families"],
  ].flatMap(([field = "", what]) => {
    if (listAt(spec, field).length !== 2) return [];
    const why = `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`;
    return [invalidField("spec.ipFamilyPolicy", policy, why)];
  });
}

/** Addresses of a family that nobody named. */
function addressFaults(spec: Scope): readonly StatusCause[] {
  const addresses = listAt(spec, "clusterIPs");
  const named = listAt(spec, "ipFamilies").length;
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
  listAt(spec, "ipFamilies").forEach((family, index) => {
    if (family === SERVED) return;
    const why = "not configured on this cluster";
    causes.push(invalidField(`spec.ipFamilies[${index}]`, family, why));
  });
  return causes;
}

/** Headless and without a selector: somebody else writes the endpoints, of whichever family. */
function isFreeOfFamilies(spec: Scope): boolean {
  const isHeadless = spec["clusterIP"] === NONE || listAt(spec, "clusterIPs")[0] === NONE;
  return isHeadless && Object.keys(recordAt(spec, "selector")).length === 0;
}

function withAnyFamilies(spec: Scope): Scope {
  const given = listAt(spec, "ipFamilies");
  const families = given.length === 0 ? [SERVED] : given;
  const other = FAMILIES.find((family) => family !== families[0]);
  const isBoth = families.length < 2 && spec["ipFamilyPolicy"] !== SINGLE && other !== undefined;
  return { ...spec, ipFamilies: isBoth ? [...families, other] : families };
}
