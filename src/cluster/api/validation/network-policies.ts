// Validation of NetworkPolicies. Mirrors ValidateNetworkPolicySpec, ValidateIPBlock and ValidateNetworkPolicyUpdate of kubernetes
// pkg/apis/networking/validation/validation.go @v1.36.

import { parseCidr, rangeContains } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { plainCidr, validateCidr } from "./addresses.ts";
import { listAt, numberAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { validatePortName, validatePortNumber } from "./ports.ts";
import { STRICT_SELECTOR, validateLabelSelector } from "./selectors.ts";
import type { SelectorOptions } from "./selectors.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

interface Options extends SelectorOptions {
  /** Blocks that were there before, wherever. */
  readonly known: readonly string[];
}

const PROTOCOLS = ["TCP", "UDP", "SCTP"];
const POLICY_TYPES = ["Ingress", "Egress"];
const WAYS = [
  ["ingress", "from"],
  ["egress", "to"],
] as const;

export function validateNewPolicy(policy: KubernetesObject): Causes {
  return validateSpec(recordAt(policy, "spec"), { ...STRICT_SELECTOR, known: [] });
}

export function validatePolicyUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const before = recordAt(old, "spec");
  const hadFaults = validateLabelSelector("", recordAt(before, "podSelector")).length > 0;
  return validateSpec(recordAt(next, "spec"), {
    allowBadValues: hadFaults,
    known: blocksOf(before),
  });
}

function blocksOf(spec: Scope): readonly string[] {
  const peers = WAYS.flatMap(([way, peer]) =>
    recordsAt(spec, way).flatMap((rule) => recordsAt(rule, peer)),
  );
  const blocks = peers
    .filter((peer) => peer["ipBlock"] !== undefined)
    .map((peer) => recordAt(peer, "ipBlock"));
  return blocks.flatMap((block) => [textAt(block, "cidr"), ...listAt(block, "except")]);
}

function validateSpec(spec: Scope, options: Options): Causes {
  return [
    ...validateLabelSelector("spec.podSelector", recordAt(spec, "podSelector"), options),
    ...WAYS.flatMap(([way, peer]) =>
      recordsAt(spec, way).flatMap((rule, index) => {
        const field = `spec.${way}[${index}]`;
        return [
          ...recordsAt(rule, "ports").flatMap((port, at) =>
            validatePort(`${field}.ports[${at}]`, port),
          ),
          ...recordsAt(rule, peer).flatMap((one, at) =>
            validatePeer(`${field}.${peer}[${at}]`, one, options),
          ),
        ];
      }),
    ),
    ...validateTypes("spec.policyTypes", listAt(spec, "policyTypes")),
  ];
}

function validateTypes(field: string, types: readonly string[]): Causes {
  const many = "may not specify more than two policyTypes";
  if (types.length > POLICY_TYPES.length) return [invalidField(field, types, many)];
  return types.flatMap((type, index) =>
    POLICY_TYPES.includes(type) ? [] : [unsupportedField(`${field}[${index}]`, type, POLICY_TYPES)],
  );
}

function validatePort(field: string, port: Scope): Causes {
  const protocol = port["protocol"];
  const isKnown = protocol === undefined || PROTOCOLS.some((one) => one === protocol);
  return [
    ...(isKnown ? [] : [unsupportedField(`${field}.protocol`, protocol, PROTOCOLS)]),
    ...validateRange(field, port["port"], numberAt(port, "endPort")),
  ];
}

function validateRange(field: string, port: unknown, end: number | undefined): Causes {
  const at = `${field}.endPort`;
  if (typeof port === "number") {
    const below = "must be greater than or equal to `port`";
    return [
      ...validatePortNumber(`${field}.port`, port),
      // The port is what upstream shows.
      ...(end !== undefined && end < port ? [invalidField(at, port, below)] : []),
      ...(end === undefined ? [] : validatePortNumber(at, end)),
    ];
  }
  const why = typeof port === "string" ? "non-numeric" : "not specified";
  const detail = `may not be specified when \`port\` is ${why}`;
  return [
    ...(end === undefined ? [] : [invalidField(at, end, detail)]),
    ...(typeof port === "string" ? validatePortName(`${field}.port`, port) : []),
  ];
}

function validatePeer(field: string, peer: Scope, options: Options): Causes {
  const selectors = ["podSelector", "namespaceSelector"].filter((key) => peer[key] !== undefined);
  const hasBlock = peer["ipBlock"] !== undefined;
  const both = "may not specify both ipBlock and another peer";
  return [
    ...selectors.flatMap((key) =>
      validateLabelSelector(`${field}.${key}`, recordAt(peer, key), options),
    ),
    ...(hasBlock ? validateBlock(`${field}.ipBlock`, recordAt(peer, "ipBlock"), options) : []),
    ...(selectors.length === 0 && !hasBlock ? [requiredField(field, "must specify a peer")] : []),
    ...(selectors.length > 0 && hasBlock ? [forbiddenField(field, both)] : []),
  ];
}

function validateBlock(field: string, block: Scope, { known }: Options): Causes {
  const text = textAt(block, "cidr");
  if (text === "") return [requiredField(`${field}.cidr`)];
  const causes = known.includes(text) ? [] : validateCidr(`${field}.cidr`, text);
  const cidr = parseCidr(plainCidr(text));
  if (cidr === undefined) return causes;
  const outside = "must be a strict subset of `cidr`";
  return [
    ...causes,
    ...listAt(block, "except").flatMap((except, index) => {
      const at = `${field}.except[${index}]`;
      const inner = parseCidr(plainCidr(except));
      const isInside =
        inner === undefined || (rangeContains(cidr, inner) && cidr.prefix < inner.prefix);
      return [
        ...(known.includes(except) ? [] : validateCidr(at, except)),
        ...(isInside ? [] : [invalidField(at, except, outside)]),
      ];
    }),
  ];
}
