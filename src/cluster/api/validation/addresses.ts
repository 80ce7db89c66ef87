// Addresses in objects. Mirrors IsValidIP, IsValidIPForLegacyField and IsValidCIDRForLegacyField of apimachinery pkg/util/validation/ip.go, and
// ValidateEndpointIP of kubernetes pkg/apis/core/validation/validation.go @v1.36, with one difference: pods that run as processes
// have addresses of 127.0.0.0/8 here, so those are endpoints like others.

import { addressVersion, formatAddress, parseCidr, parseRange } from "../../../core/index.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";
import { invalidField } from "../field-error.ts";

type Causes = readonly StatusCause[];

const NO_CAUSES: Causes = [];
export const NOT_AN_ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
const NOT_A_CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
const LOOPBACK = "may not be in the loopback range (127.0.0.0/8, ::1/128)";
const LINK_LOCAL = "may not be in the link-local range (169.254.0.0/16, fe80::/10)";
const LINK_MULTICAST = "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)";
/** 4in6: `::ffff:0:0/96`. */
const MAPPED = 0xffffn;

/** Any spelling of an address, as older fields take it. */
export function validateAddress(field: string, text: string): Causes {
  if (addressVersion(text) === 4) return NO_CAUSES;
  const plain = withoutZeros(text);
  if (addressVersion(plain) === undefined) return [invalidField(field, text, NOT_AN_ADDRESS)];
  const zeros = "must not have leading 0s";
  if (plain !== text) return [invalidField(field, text, zeros)];
  const mapped = "must not be an IPv4-mapped IPv6 address";
  return valueOf(text) >> 32n === MAPPED ? [invalidField(field, text, mapped)] : NO_CAUSES;
}

/** Any spelling of a block, as older fields take it. */
export function validateCidr(field: string, text: string): Causes {
  const plain = plainCidr(text);
  const cidr = parseCidr(plain);
  if (cidr === undefined) return [invalidField(field, text, NOT_A_CIDR)];
  const zeros = "must not have leading 0s in IP or prefix length";
  if (plain !== text) return [invalidField(field, text, zeros)];
  const mapped = "must not have an IPv4-mapped IPv6 address";
  if (cidr.version === 6 && isMapped(text)) return [invalidField(field, text, mapped)];
  const bits = "must not have bits set beyond the prefix length";
  return cidr.hostBits ? [invalidField(field, text, bits)] : NO_CAUSES;
}

/** Without the zeros that Go's older parser takes. */
export function plainCidr(text: string): string {
  const [address = "", ...length] = text.split("/");
  return [withoutZeros(address), ...length.map((part) => part.replace(/^0+(?=\d)/, ""))].join("/");
}

function isMapped(cidr: string): boolean {
  return valueOf(cidr.slice(0, cidr.indexOf("/"))) >> 32n === MAPPED;
}

/** An address in the one form that newer fields take. */
export function validateCanonicalAddress(field: string, text: string): Causes {
  const causes = validateAddress(field, text);
  const version = addressVersion(text);
  if (causes.length > 0 || version === undefined) return causes;
  const canonical = formatAddress(valueOf(text), version);
  if (canonical === text) return NO_CAUSES;
  return [invalidField(field, text, `must be in canonical form ("${canonical}")`)];
}

/** Addresses that lead to no endpoint; `text` is an address. */
export function validateEndpointAddress(field: string, text: string): Causes {
  const plain = withoutZeros(text);
  const fault = addressVersion(plain) === 4 ? reservedV4(plain) : reservedV6(valueOf(plain), text);
  return fault === undefined ? NO_CAUSES : [invalidField(field, text, fault)];
}

function reservedV4(text: string): string | undefined {
  if (text === "0.0.0.0") return `may not be unspecified (${text})`;
  if (text.startsWith("169.254.")) return LINK_LOCAL;
  return text.startsWith("224.0.0.") ? LINK_MULTICAST : undefined;
}

function reservedV6(value: bigint, text: string): string | undefined {
  if (value === 0n) return `may not be unspecified (${text})`;
  if (value === 1n) return LOOPBACK;
  if (value >> 118n === 0xfe80n >> 6n) return LINK_LOCAL;
  const scope = value >> 112n;
  return (scope & 0xff0fn) === 0xff02n ? LINK_MULTICAST : undefined;
}

/** True only of IPv4 addresses without any fault as an endpoint. Allocates nothing. */
export function isPlainEndpoint(text: unknown): boolean {
  return typeof text === "string" && addressVersion(text) === 4 && reservedV4(text) === undefined;
}

/** Zeros before the digits of a dotted part, which Go's older parser took. */
function withoutZeros(text: string): string {
  return text.includes(".") ? text.replaceAll(/(?<=^|[.:])0+(?=\d+(?:\.|$))/g, "") : text;
}

function valueOf(text: string): bigint {
  return parseRange(text)?.start ?? 0n;
}
