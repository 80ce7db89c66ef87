// The formats of text in definitions: what is accepted in words, what is wrong with a value, and the JSON Schema an editor checks.

import type { JsonObject } from "../../core/index.ts";
import {
  isDnsLabel,
  isDnsSubdomain,
  isLabelValue,
  LABEL_MAX,
  parseCidr,
  parseDuration,
  parseQuantity,
  parseRange,
  validateCron,
  validateTimeZone,
} from "../../core/index.ts";
import { parseImageReference } from "../image-reference.ts";

/** `problem` returns undefined for a valid text, else why it is none; "" when there is nothing to add. */
export interface Format {
  readonly expected: string;
  readonly problem: (text: string) => string | undefined;
  readonly jsonSchema: JsonObject;
}

export type FormatName = keyof typeof FORMATS;

const LABEL_PATTERN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

export const FORMATS = {
  text: {
    expected: "text",
    problem: (text) => (text === "" ? "it is empty" : undefined),
    jsonSchema: { minLength: 1 },
  },
  anyText: { expected: "text", problem: () => undefined, jsonSchema: {} },
  dnsLabel: {
    expected: `a DNS label (lower-case letters, digits and "-", at most ${LABEL_MAX} characters)`,
    problem: when(isDnsLabel),
    jsonSchema: { pattern: `^${LABEL_PATTERN}$`, maxLength: LABEL_MAX },
  },
  /** A first label or several: `shop`, `shop.eu`. */
  hostPrefix: {
    expected: 'a host name such as "shop"',
    problem: when(isDnsSubdomain),
    jsonSchema: { pattern: `^${LABEL_PATTERN}(\\.${LABEL_PATTERN})*$`, maxLength: 200 },
  },
  domain: {
    expected: 'a domain name such as "example.com"',
    problem: when((text) => isDnsSubdomain(text) && text.includes(".")),
    jsonSchema: { pattern: `^${LABEL_PATTERN}(\\.${LABEL_PATTERN})+$`, maxLength: 253 },
  },
  /** A name or an address of a machine. */
  host: {
    expected: 'a host name or an address such as "db.example.com"',
    problem: when((text) => isDnsSubdomain(text) || parseRange(text) !== undefined),
    jsonSchema: { minLength: 1 },
  },
  cidr: { expected: 'a range such as "10.100.0.0/16"', problem: cidrProblem, jsonSchema: {} },
  ipRange: {
    expected: 'addresses such as "192.0.2.10-192.0.2.20" or "192.0.2.0/28"',
    problem: when((text) => parseRange(text) !== undefined),
    jsonSchema: {},
  },
  duration: {
    expected: 'a duration such as "30s", "1h30m" or "7d"',
    problem: durationProblem,
    jsonSchema: { pattern: "^(0|([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|ms|s|m|h|d|w))+$" },
  },
  quantity: {
    expected: 'a quantity such as "500m" or "5Gi"',
    problem: quantityProblem,
    jsonSchema: { pattern: "^[0-9]+(\\.[0-9]*)?([eE][+-]?[0-9]+|[KMGTPE]i|[numkMGTPE])?$" },
  },
  cron: {
    expected: 'a schedule such as "0 3 * * *"',
    problem: (text) => validateCron(text)[0],
    jsonSchema: { minLength: 1 },
  },
  timeZone: {
    expected: 'a time zone such as "Europe/Berlin"',
    problem: validateTimeZone,
    jsonSchema: { minLength: 1 },
  },
  imageRef: {
    expected: 'an image such as "ghcr.io/example/shop:1.4.2"',
    problem: when((text) => parseImageReference(text) !== undefined),
    jsonSchema: { minLength: 1 },
  },
  url: {
    expected: 'a URL such as "https://example.com"',
    problem: urlProblem,
    jsonSchema: { format: "uri" },
  },
  /** `1.35` or `1.35.2`. */
  kubernetesVersion: {
    expected: 'a Kubernetes version such as "1.35"',
    problem: when((text) => /^1\.\d{1,2}(\.\d{1,2})?$/.test(text)),
    jsonSchema: { pattern: "^1\\.[0-9]{1,2}(\\.[0-9]{1,2})?$" },
  },
  /** Keys of Secrets and ConfigMaps: apimachinery IsConfigMapKey. */
  dataKey: {
    expected: 'a key of letters, digits, "-", "_" and "."',
    problem: when((text) => /^[-._A-Za-z0-9]{1,253}$/.test(text) && !/^\.\.?$/.test(text)),
    jsonSchema: { pattern: "^[-._A-Za-z0-9]+$", maxLength: 253 },
  },
  labelValue: {
    expected: 'a label value (letters, digits, "-", "_" and ".", at most 63 characters)',
    problem: when(isLabelValue),
    jsonSchema: { pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$", maxLength: LABEL_MAX },
  },
  /** `mail/smtp`. */
  serviceName: {
    expected: 'a Service such as "mail/smtp" (namespace and name)',
    problem: when((text) => {
      const [namespace = "", name = "", ...rest] = text.split("/");
      return isDnsLabel(namespace) && isDnsLabel(name) && rest.length === 0;
    }),
    jsonSchema: { pattern: `^${LABEL_PATTERN}/${LABEL_PATTERN}$`, maxLength: 2 * LABEL_MAX + 1 },
  },
  /** `/` or `/api`. */
  urlPath: {
    expected: 'a path such as "/healthz"',
    problem: when((text) => /^\/[^\s?#]*$/.test(text)),
    jsonSchema: { pattern: "^/[^\\s?#]*$" },
  },
} as const satisfies Record<string, Format>;

function when(isValid: (text: string) => boolean): (text: string) => string | undefined {
  return (text) => (isValid(text) ? undefined : "");
}

function cidrProblem(text: string): string | undefined {
  const cidr = parseCidr(text);
  if (cidr === undefined) return "";
  return cidr.hostBits ? `bits are set below the prefix /${cidr.prefix}` : undefined;
}

function durationProblem(text: string): string | undefined {
  const durationMs = parseDuration(text);
  if (durationMs === undefined || !Number.isFinite(durationMs)) return "";
  return durationMs < 0 ? "it is negative" : undefined;
}

function quantityProblem(text: string): string | undefined {
  const quantity = parseQuantity(text);
  if (quantity === undefined) return "";
  return quantity.nanos < 0n ? "it is negative" : undefined;
}

function urlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return "";
  const { username, password } = new URL(text);
  return username === "" && password === "" ? undefined : "it carries credentials";
}
