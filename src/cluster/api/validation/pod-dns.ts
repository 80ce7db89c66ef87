// How pods look up names, and what they are called themselves. Mirrors validatePodDNSConfig, ValidateHostAliases and
// validatePodHostName of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import { isRecord } from "../../../core/index.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, tooLongField } from "../field-error.ts";
import { validateAddress } from "./addresses.ts";
import { listAt, textAt } from "./fields.ts";
import { validateName } from "./names.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { invalidAll, judgeEach, NO_CAUSES } from "./walk-fields.ts";

const SERVERS_MAX = 3;
const SEARCHES_MAX = 32;
const SEARCH_LENGTH_MAX = 2048;
const DOMAIN_LENGTH_MAX = 253;
const HOSTNAME_LENGTH_MAX = 64;

const DOMAIN = /^_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$/;
const DOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start " +
  "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')";

export function validateDnsConfig(field: string, spec: Scope): Causes {
  const { dnsConfig, dnsPolicy } = spec;
  if (dnsConfig === undefined && dnsPolicy !== "None") return NO_CAUSES;
  const at = `${field}.dnsConfig`;
  if (!isRecord(dnsConfig)) {
    return [requiredField(at, "must provide `dnsConfig` when `dnsPolicy` is None")];
  }
  const servers = listAt(dnsConfig, "nameservers");
  if (dnsPolicy === "None" && servers.length === 0) {
    const why = "must provide at least one DNS nameserver when `dnsPolicy` is None";
    return [requiredField(`${at}.nameservers`, why)];
  }
  return [
    ...serverFaults(`${at}.nameservers`, servers),
    ...searchFaults(`${at}.searches`, listAt(dnsConfig, "searches")),
    ...judgeEach(at, dnsConfig, "options", (place, option) =>
      textAt(option, "name") === "" ? [requiredField(place, "must not be empty")] : NO_CAUSES,
    ),
  ];
}

function serverFaults(field: string, servers: readonly string[]): Causes {
  const many = `must not have more than ${SERVERS_MAX} nameservers`;
  return [
    ...(servers.length > SERVERS_MAX ? [invalidField(field, servers, many)] : []),
    ...servers.flatMap((server, index) => validateAddress(`${field}[${index}]`, server)),
  ];
}

function searchFaults(field: string, searches: readonly string[]): Causes {
  const many = `must not have more than ${SEARCHES_MAX} search paths`;
  const long = `must not have more than ${SEARCH_LENGTH_MAX} characters (including spaces) in the search list`;
  return [
    ...(searches.length > SEARCHES_MAX ? [invalidField(field, searches, many)] : []),
    ...(searches.join(" ").length > SEARCH_LENGTH_MAX ? [invalidField(field, searches, long)] : []),
    ...searches.flatMap((search, index) => {
      const domain = search.endsWith(".") ? search.slice(0, -1) : search;
      const faults = search === "." ? [] : domainFaults(domain);
      return invalidAll(`${field}[${index}]`, domain, faults);
    }),
  ];
}

function domainFaults(domain: string): readonly string[] {
  return [
    ...(domain.length > DOMAIN_LENGTH_MAX
      ? [`must be no more than ${DOMAIN_LENGTH_MAX} characters`]
      : []),
    ...(DOMAIN.test(domain) ? [] : [DOMAIN_TEXT]),
  ];
}

export function validateHostAliases(field: string, spec: Scope): Causes {
  return judgeEach(field, spec, "hostAliases", (at, alias) => [
    ...validateAddress(`${at}.ip`, textAt(alias, "ip")),
    ...listAt(alias, "hostnames").flatMap((name, index) =>
      validateName(`${at}.hostnames[${index}]`, name, "subdomain"),
    ),
  ]);
}

export function validateHostnameOverride(field: string, spec: Scope): Causes {
  const name = spec["hostnameOverride"];
  if (typeof name !== "string") return NO_CAUSES;
  const at = `${field}.hostnameOverride`;
  const causes: StatusCause[] = [];
  for (const flag of ["setHostnameAsFQDN", "hostNetwork"]) {
    if (spec[flag] !== true) continue;
    causes.push(forbiddenField(at, `may not be specified when ${flag} is true`));
  }
  if (name.length > HOSTNAME_LENGTH_MAX) causes.push(tooLongField(at, HOSTNAME_LENGTH_MAX));
  return [...causes, ...validateName(at, name, "subdomain")];
}
