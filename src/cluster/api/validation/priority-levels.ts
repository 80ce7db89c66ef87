// Validation of PriorityLevelConfigurations. Mirrors ValidatePriorityLevelConfiguration of kubernetes
// pkg/apis/flowcontrol/validation/validation.go and apiserver pkg/util/shufflesharding @v1.36; the two that every server
// needs are those of apiserver pkg/apis/flowcontrol/bootstrap/default.go.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { numberAt, recordAt, textAt } from "./fields.ts";
import { validateFlowStatus } from "./flow-schemas.ts";
import { pointerTo, printStruct } from "./print-struct.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const TYPES = ["Exempt", "Limited"];
const RESPONSES = ["Queue", "Reject"];
const EXEMPT = "exempt";
const ZERO_SHARES = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";
const NOT_NEGATIVE = "must be a non-negative integer";
const QUEUES_MAX = 10_000_000;
const HASH_BITS_MAX = 60;

export function validatePriorityLevel(level: KubernetesObject): Causes {
  const { name, annotations } = level.metadata;
  const spec = recordAt(level, "spec");
  const why = `annotation '${ZERO_SHARES}' is forbidden`;
  return [
    ...(annotations?.[ZERO_SHARES] === undefined
      ? []
      : [forbiddenField("metadata.annotations", why)]),
    ...validateSpec(name, spec),
    ...validateMandatory(name, spec),
    ...validateFlowStatus(level),
  ];
}

function validateSpec(name: string, spec: Scope): Causes {
  const type = textAt(spec, "type");
  const isOdd = (name === EXEMPT) !== (type === "Exempt");
  const why = "must be 'Exempt' if and only if `name` is 'exempt'";
  return [
    ...(isOdd ? [invalidField("spec.type", type, why)] : []),
    ...(TYPES.includes(type)
      ? validateParts(type, spec)
      : [unsupportedField("spec.type", type, TYPES)]),
  ];
}

function validateParts(type: string, spec: Scope): Causes {
  const { limited, exempt } = spec;
  const field = "spec.limited";
  if (type === "Exempt") {
    return [
      ...(limited === undefined
        ? []
        : [forbiddenField(field, "must be nil if the type is not Limited")]),
      ...validateExempt("spec.exempt", recordAt(spec, "exempt")),
    ];
  }
  return [
    ...(exempt === undefined
      ? []
      : [forbiddenField("spec.exempt", "must be nil if the type is Limited")]),
    ...(limited === undefined
      ? [requiredField(field, "must not be empty when type is Limited")]
      : validateLimited(field, recordAt(spec, "limited"))),
  ];
}

function validateExempt(field: string, exempt: Scope): Causes {
  return [...validateShares(field, exempt), ...validateLending(field, exempt)];
}

function validateLimited(field: string, limited: Scope): Causes {
  const borrowing = numberAt(limited, "borrowingLimitPercent") ?? 0;
  const why = `if specified, ${NOT_NEGATIVE}`;
  return [
    ...validateShares(field, limited),
    ...validateResponse(`${field}.limitResponse`, recordAt(limited, "limitResponse")),
    ...validateLending(field, limited),
    ...(borrowing < 0 ? [invalidField(`${field}.borrowingLimitPercent`, borrowing, why)] : []),
  ];
}

function validateShares(field: string, part: Scope): Causes {
  const shares = numberAt(part, "nominalConcurrencyShares") ?? 0;
  if (shares >= 0) return [];
  return [invalidField(`${field}.nominalConcurrencyShares`, shares, NOT_NEGATIVE)];
}

function validateLending(field: string, part: Scope): Causes {
  const percent = numberAt(part, "lendablePercent") ?? 0;
  if (percent >= 0 && percent <= 100) return [];
  return [
    invalidField(`${field}.lendablePercent`, percent, "must be between 0 and 100, inclusive"),
  ];
}

function validateResponse(field: string, response: Scope): Causes {
  const type = textAt(response, "type");
  const at = `${field}.queuing`;
  const has = response["queuing"] !== undefined;
  // Upstream says Limited where it means Queue.
  const tail = "if limited.limitResponse.type is";
  if (type === "Queue") {
    if (!has) return [requiredField(at, `must not be empty ${tail} Limited`)];
    return validateQueuing(at, recordAt(response, "queuing"));
  }
  if (type !== "Reject") return [unsupportedField(`${field}.type`, type, RESPONSES)];
  return has ? [forbiddenField(at, `must be nil ${tail} not Limited`)] : [];
}

function validateQueuing(field: string, queuing: Scope): Causes {
  const length = numberAt(queuing, "queueLengthLimit") ?? 0;
  const queues = numberAt(queuing, "queues") ?? 0;
  const hand = numberAt(queuing, "handSize") ?? 0;
  const fault = handFault(queues, hand);
  return [
    ...(length > 0 ? [] : [invalidField(`${field}.queueLengthLimit`, length, "must be positive")]),
    ...(queues > 0 ? [] : [invalidField(`${field}.queues`, queues, "must be positive")]),
    ...(queues > QUEUES_MAX
      ? [invalidField(`${field}.queues`, queues, `must not be greater than ${QUEUES_MAX}`)]
      : []),
    ...(fault === undefined ? [] : [invalidField(`${field}.handSize`, hand, fault)]),
  ];
}

/** Queues are dealt to flows like cards, by the bits of one hash. */
function handFault(queues: number, hand: number): string | undefined {
  if (hand <= 0) return "must be positive";
  if (hand > queues) return `should not be greater than queues (${queues})`;
  const bits = Math.ceil(Math.log2(queues) * hand);
  if (bits <= HASH_BITS_MAX) return undefined;
  return `required entropy bits of deckSize ${queues} and handSize ${hand} should not be greater than ${HASH_BITS_MAX}`;
}

const MANDATORY: Readonly<Record<string, Scope>> = {
  [EXEMPT]: { type: "Exempt" },
  "catch-all": {
    type: "Limited",
    limited: {
      nominalConcurrencyShares: 5,
      limitResponse: { type: "Reject" },
      lendablePercent: 0,
    },
  },
};

const SPEC = {
  Type: "",
  Limited: pointerTo({
    NominalConcurrencyShares: 0,
    LimitResponse: {
      Type: "",
      Queuing: pointerTo({ Queues: 0, HandSize: 0, QueueLengthLimit: 0 }),
    },
    LendablePercent: null,
    BorrowingLimitPercent: null,
  }),
  Exempt: pointerTo({ NominalConcurrencyShares: null, LendablePercent: null }),
} as const;

/** Of the exempt one, what is exempt may be changed. */
function validateMandatory(name: string, spec: Scope): Causes {
  const wanted = MANDATORY[name];
  const { exempt: _exempt, ...rest } = spec;
  if (wanted === undefined || deepEqual(wanted, name === EXEMPT ? rest : spec)) return [];
  const except = name === EXEMPT ? " except the 'spec.exempt' field" : "";
  const why = `spec of '${name}'${except} must equal the fixed value`;
  return [invalidField("spec", printStruct(SPEC, spec), why)];
}
