// Validation of one endpoint of a slice. Mirrors validateEndpoints and validateHints of kubernetes
// pkg/apis/discovery/validation/validation.go, and IsFullyQualifiedDomainName of apimachinery @v1.36.

import { addressVersion } from "../../../core/index.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";
import { duplicateField, invalidField, requiredField, tooManyField } from "../field-error.ts";
import {
  isPlainEndpoint,
  validateAddress,
  validateCanonicalAddress,
  validateEndpointAddress,
} from "./addresses.ts";
import { recordAt, recordsAt, textAt } from "./fields.ts";
import { labelValueFaults } from "./labels.ts";
import { isSubdomain, nameFaults, validateName } from "./names.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const ADDRESSES_MAX = 100;
const HINTS_MAX = 8;

export function validateEndpoint(field: string, endpoint: Scope, type: string): Causes {
  const { nodeName, hostname, hints } = endpoint;
  const at = `${field}.hostname`;
  return [
    ...validateAddresses(`${field}.addresses`, endpoint["addresses"], type),
    ...(typeof nodeName === "string"
      ? validateName(`${field}.nodeName`, nodeName, "subdomain")
      : []),
    ...(typeof hostname === "string" ? validateName(at, hostname, "label") : []),
    ...(hints === undefined ? [] : validateHints(`${field}.hints`, recordAt(endpoint, "hints"))),
  ];
}

/** True only of endpoints without any fault, as controllers write them for IPv4. Allocates nothing. */
export function isSoundEndpoint({ addresses, nodeName, hostname, hints }: Scope): boolean {
  if (hostname !== undefined || hints !== undefined || !Array.isArray(addresses)) return false;
  if (addresses.length === 0 || addresses.length > ADDRESSES_MAX) return false;
  if (nodeName !== undefined && !isSubdomain(nodeName)) return false;
  for (const address of addresses) if (!isPlainEndpoint(address)) return false;
  return true;
}

function validateAddresses(field: string, given: unknown, type: string): Causes {
  const addresses = Array.isArray(given) ? given.map(String) : [];
  const { length } = addresses;
  return [
    ...(length === 0 ? [requiredField(field, "must contain at least 1 address")] : []),
    ...(length > ADDRESSES_MAX ? [tooManyField(field, length, ADDRESSES_MAX)] : []),
    ...addresses.flatMap((address, index) => addressFaults(field, index, address, type)),
  ];
}

function addressFaults(field: string, index: number, address: string, type: string): Causes {
  const at = `${field}[${index}]`;
  if (type === "FQDN") return domainFaults(at, address);
  if (type !== "IPv4" && type !== "IPv6") return [];
  const check = type === "IPv4" ? validateAddress : validateCanonicalAddress;
  const causes = check(at, address);
  if (causes.length > 0) return causes;
  const isRight = addressVersion(address) === (type === "IPv4" ? 4 : 6);
  return [
    ...(isRight ? [] : [invalidField(field, address, `must be an ${type} address`)]),
    ...validateEndpointAddress(at, address),
  ];
}

function domainFaults(field: string, text: string): Causes {
  if (text === "") return [requiredField(field)];
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  const faults = nameFaults(name, "subdomain");
  if (faults.length > 0) return [invalidField(field, name, faults.join(","))];
  const labels = name.split(".");
  if (labels.length < 2) {
    const why = "should be a domain with at least two segments separated by dots";
    return [invalidField(field, name, why)];
  }
  const bad = labels.find((label) => nameFaults(label, "label").length > 0);
  return bad === undefined ? [] : [invalidField(field, bad, nameFaults(bad, "label").join(","))];
}

/** When there are too many zones, nodes are not looked at. */
function validateHints(field: string, hints: Scope): Causes {
  const [zones, nodes] = [recordsAt(hints, "forZones"), recordsAt(hints, "forNodes")];
  const zoneField = `${field}.forZones`;
  if (zones.length > HINTS_MAX) return [tooManyField(zoneField, zones.length, HINTS_MAX)];
  return [
    ...namedOnce(zoneField, zones, labelValueFaults),
    ...(nodes.length > HINTS_MAX
      ? [tooManyField(`${field}.forNodes`, nodes.length, HINTS_MAX)]
      : namedOnce(`${field}.forNodes`, nodes, (name) => nameFaults(name, "subdomain"))),
  ];
}

function namedOnce(
  field: string,
  list: readonly Scope[],
  faults: (name: string) => readonly string[],
): Causes {
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    const at = `${field}[${index}].name`;
    const name = textAt(item, "name");
    const isTwice = seen.has(name);
    seen.add(name);
    const found = faults(name).map((fault) => invalidField(at, name, fault));
    return isTwice ? [duplicateField(at, name), ...found] : found;
  });
}
