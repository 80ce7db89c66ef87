// Names Kubernetes accepts. Mirrors apimachinery pkg/util/validation: DNS-1123 label and subdomain, DNS-1035 label,
// label values, qualified names. Too long names are cut deterministically with a hash of the full name.

import { hash32 } from "./rng.ts";

/** Labels, and most names that end up in DNS or as label values. */
export const LABEL_MAX = 63;
/** Most object names. */
export const SUBDOMAIN_MAX = 253;

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Namespaces, containers, ports' hosts: `my-name` or `123-abc`. */
export function isDnsLabel(name: string): boolean {
  return name.length <= LABEL_MAX && LABEL.test(name);
}

/** Most object names: labels joined by dots. */
export function isDnsSubdomain(name: string): boolean {
  return name.length <= SUBDOMAIN_MAX && SUBDOMAIN.test(name);
}

/** Service names: like a label, but starting with a letter. */
export function isDns1035Label(name: string): boolean {
  return name.length <= LABEL_MAX && LABEL_1035.test(name);
}

/** Values of labels: empty, or up to 63 characters of `[A-Za-z0-9._-]` between alphanumerics. */
export function isLabelValue(value: string): boolean {
  return value === "" || (value.length <= LABEL_MAX && QUALIFIED.test(value));
}

/** Keys of labels and annotations: `name` or `prefix/name`, the prefix a subdomain. */
export function isQualifiedName(key: string): boolean {
  const [name = "", prefix, ...rest] = key.split("/").toReversed();
  if (rest.length > 0 || (prefix !== undefined && !isDnsSubdomain(prefix))) return false;
  return name.length <= LABEL_MAX && QUALIFIED.test(name);
}

/**
 * The name itself when it fits in `max` characters, else its beginning and an 8-character hash of all of it:
 * equal names stay equal, different names stay different, and the result is still a DNS label.
 */
export function shortenName(name: string, max: number = LABEL_MAX): string {
  if (name.length <= max) return name;
  const head = name.slice(0, max - HASH_LENGTH - 1).replace(/[^A-Za-z0-9]+$/, "");
  return `${head}-${nameHash(name)}`;
}

const HASH_LENGTH = 8;

/** Eight hexadecimal characters that depend on the whole text. */
export function nameHash(text: string): string {
  return hash32(text).toString(16).padStart(HASH_LENGTH, "0");
}

/** The nearest DNS label of any text: `"Order Service!"` → `order-service`; empty when nothing is left. */
export function toDnsLabel(text: string, max: number = LABEL_MAX): string {
  const label = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return shortenName(label, max);
}
