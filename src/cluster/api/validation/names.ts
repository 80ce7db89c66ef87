// Which names an object may have. Mirrors apimachinery pkg/api/validation/generic.go and pkg/util/validation.

import { invalidField } from "../field-error.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";

export type NameRule =
  /** DNS-1123 subdomain: most kinds. */
  | "subdomain"
  /** The same in the words of newer rules: prefixes of labels, ReplicationControllers. */
  | "long-name"
  /** DNS-1123 label: namespaces. */
  | "label"
  /** DNS-1035 label: names in discovery, such as the plural of a custom kind. */
  | "label-1035"
  /** `*.` and a subdomain: hosts of Ingresses. */
  | "wildcard"
  /** Anything that fits a path segment: RBAC kinds. */
  | "path-segment";

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end " +
  "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_1035_TEXT =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, " +
  "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is " +
  "'[a-z]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const WILDCARD = /^\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const WILDCARD_TEXT =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower " +
  "case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used " +
  "for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** What is wrong with a name, as sentences; empty when it is fine. */
export function nameFaults(name: string, rule: NameRule): readonly string[] {
  switch (rule) {
    case "subdomain":
      return patternFaults(name, SUBDOMAIN, SUBDOMAIN_TEXT, 253);
    case "long-name":
      return patternFaults(name, SUBDOMAIN, SUBDOMAIN_TEXT, 253, "bytes");
    case "label":
      return patternFaults(name, LABEL, labelText(name), 63);
    case "label-1035":
      return patternFaults(name, LABEL_1035, LABEL_1035_TEXT, 63);
    case "wildcard":
      return patternFaults(name, WILDCARD, WILDCARD_TEXT, 253);
    case "path-segment":
      return pathSegmentFaults(name);
  }
}

/** Allocates nothing, for names that are written all the time. */
export function isSubdomain(name: unknown): boolean {
  return typeof name === "string" && name.length <= 253 && SUBDOMAIN.test(name);
}

/** Likewise. */
export function isLabel(name: unknown): boolean {
  return typeof name === "string" && name.length <= 63 && LABEL.test(name);
}

export function validateName(field: string, name: string, rule: NameRule): readonly StatusCause[] {
  return nameFaults(name, rule).map((fault) => invalidField(field, name, fault));
}

/** A dot is the usual mistake and gets a sentence of its own. */
function labelText(name: string): string {
  return name.includes(".") && SUBDOMAIN.test(name) ? "must not contain dots" : LABEL_TEXT;
}

function patternFaults(
  name: string,
  pattern: RegExp,
  text: string,
  max: number,
  unit = "characters",
): readonly string[] {
  const faults = name.length > max ? [`must be no more than ${max} ${unit}`] : [];
  return pattern.test(name) ? faults : [...faults, text];
}

function pathSegmentFaults(name: string): readonly string[] {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return ["/", "%"].filter((bad) => name.includes(bad)).map((bad) => `may not contain '${bad}'`);
}
