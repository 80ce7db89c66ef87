// Essential validation of network policies. Mirrors kubernetes pkg/apis/networking/validation/validation.go.

import { isRecord, parseCidr } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { numberAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { validateLabelSelector } from "./selectors.ts";

type Scope = Readonly<Record<string, unknown>>;

const PROTOCOLS: readonly string[] = ["TCP", "UDP", "SCTP"];
const POLICY_TYPES: readonly string[] = ["Ingress", "Egress"];
const CIDR_TEXT = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

export function validateNetworkPolicy(policy: KubernetesObject): readonly StatusCause[] {
  const spec = recordAt(policy, "spec");
  const types = Array.isArray(spec["policyTypes"]) ? spec["policyTypes"].map(String) : [];
  return [
    ...validateLabelSelector("spec.podSelector", recordAt(spec, "podSelector")),
    ...rules("spec.ingress", recordsAt(spec, "ingress"), "from"),
    ...rules("spec.egress", recordsAt(spec, "egress"), "to"),
    ...types.flatMap((type, index) =>
      POLICY_TYPES.includes(type)
        ? []
        : [unsupportedField(`spec.policyTypes[${index}]`, type, POLICY_TYPES)],
    ),
  ];
}

function rules(
  field: string,
  list: readonly Scope[],
  peers: "from" | "to",
): readonly StatusCause[] {
  return list.flatMap((rule, index) => [
    ...recordsAt(rule, "ports").flatMap((port, at) =>
      validatePort(`${field}[${index}].ports[${at}]`, port),
    ),
    ...recordsAt(rule, peers).flatMap((peer, at) =>
      validatePeer(`${field}[${index}].${peers}[${at}]`, peer),
    ),
  ]);
}

function validatePort(field: string, port: Scope): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  const protocol = textAt(port, "protocol");
  if (!PROTOCOLS.includes(protocol))
    causes.push(unsupportedField(`${field}.protocol`, protocol, PROTOCOLS));
  const number = numberAt(port, "port");
  if (number !== undefined && (number < 1 || number > 65_535)) {
    causes.push(invalidField(`${field}.port`, number, "must be between 1 and 65535, inclusive"));
  }
  const end = numberAt(port, "endPort");
  if (end === undefined) return causes;
  if (number === undefined)
    causes.push(requiredField(`${field}.port`, "may not be empty when `endPort` is specified"));
  else if (end < number) {
    causes.push(
      invalidField(`${field}.endPort`, number, "must be greater than or equal to `port`"),
    );
  }
  return causes;
}

function validatePeer(field: string, peer: Scope): readonly StatusCause[] {
  const selectors = ["podSelector", "namespaceSelector"].filter((key) => isRecord(peer[key]));
  const causes = selectors.flatMap((key) =>
    validateLabelSelector(`${field}.${key}`, recordAt(peer, key)),
  );
  if (!isRecord(peer["ipBlock"])) {
    return selectors.length === 0 ? [requiredField(field, "must specify a peer")] : causes;
  }
  if (selectors.length > 0) {
    causes.push(forbiddenField(field, "may not specify both ipBlock and another peer"));
  }
  return [...causes, ...validateBlock(`${field}.ipBlock`, recordAt(peer, "ipBlock"))];
}

function validateBlock(field: string, block: Scope): readonly StatusCause[] {
  const cidr = textAt(block, "cidr");
  if (cidr === "") return [requiredField(`${field}.cidr`)];
  if (parseCidr(cidr) === undefined) return [invalidField(`${field}.cidr`, cidr, CIDR_TEXT)];
  const except = Array.isArray(block["except"]) ? block["except"].map(String) : [];
  return except
    .map((text, index) => ({ text, at: `${field}.except[${index}]` }))
    .filter(({ text }) => parseCidr(text) === undefined)
    .map(({ text, at }) => invalidField(at, text, CIDR_TEXT));
}
