// PriorityLevelConfigurations: cases of TestPriorityLevelConfigurationValidation and TestValidateLimitedPriorityLevelConfiguration in
// kubernetes pkg/apis/flowcontrol/validation/validation_test.go @v1.36.2; texts as that version gives them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const BASE: KubernetesObject = {
  apiVersion: "flowcontrol.apiserver.k8s.io/v1",
  kind: "PriorityLevelConfiguration",
  metadata: { name: "test" },
};

describe("a PriorityLevelConfiguration", () => {
  const rows = [
    {
      name: "exempt should work",
      change: {
        metadata: { name: "exempt" },
        spec: { type: "Exempt", exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
      },
      faults: [],
    },
    {
      name: "wrong exempt spec should fail",
      change: { metadata: { name: "exempt" }, spec: { type: "Limited" } },
      faults: [
        `spec.type: Invalid value: "Limited": must be 'Exempt' if and only if \`name\` is 'exempt'`,
        "spec.limited: Required value: must not be empty when type is Limited",
        `spec: Invalid value: {"Type":"Limited","Limited":null,"Exempt":null}: spec of 'exempt' except the 'spec.exempt' field must equal the fixed value`,
      ],
    },
    {
      name: "exempt priority level should have appropriate values for Exempt field",
      change: {
        metadata: { name: "exempt" },
        spec: { type: "Exempt", exempt: { nominalConcurrencyShares: -1, lendablePercent: 101 } },
      },
      faults: [
        "spec.exempt.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer",
        "spec.exempt.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive",
      ],
    },
    {
      name: "admins are not allowed to change any field of the 'exempt' pl except 'Exempt'",
      change: {
        metadata: { name: "exempt" },
        spec: { type: "Exempt", exempt: {}, limited: { limitResponse: { type: "Reject" } } },
      },
      faults: [
        "spec.limited: Forbidden: must be nil if the type is not Limited",
        `spec: Invalid value: {"Type":"Exempt","Limited":{"NominalConcurrencyShares":30,"LimitResponse":{"Type":"Reject","Queuing":null},"LendablePercent":0,"BorrowingLimitPercent":null},"Exempt":{"NominalConcurrencyShares":0,"LendablePercent":0}}: spec of 'exempt' except the 'spec.exempt' field must equal the fixed value`,
      ],
    },
    {
      name: "an exempt level of another name",
      change: { spec: { type: "Exempt" } },
      faults: [
        `spec.type: Invalid value: "Exempt": must be 'Exempt' if and only if \`name\` is 'exempt'`,
      ],
    },
    {
      name: "limited must not set exempt priority level configuration for borrowing",
      change: { spec: { type: "Limited", exempt: {} } },
      faults: [
        "spec.exempt: Forbidden: must be nil if the type is Limited",
        "spec.limited: Required value: must not be empty when type is Limited",
      ],
    },
    {
      name: "limited requires more details",
      change: { spec: { type: "Limited" } },
      faults: ["spec.limited: Required value: must not be empty when type is Limited"],
    },
    {
      name: "a type that is none",
      change: { spec: { type: "Some" } },
      faults: ['spec.type: Unsupported value: "Some": supported values: "Exempt", "Limited"'],
    },
    {
      name: "max-in-flight should work",
      change: {
        spec: {
          type: "Limited",
          limited: { nominalConcurrencyShares: 42, limitResponse: { type: "Reject" } },
        },
      },
      faults: [],
    },
    {
      name: "forbid queuing details when not queuing",
      change: {
        spec: { type: "Limited", limited: { limitResponse: { type: "Reject", queuing: {} } } },
      },
      faults: [
        "spec.limited.limitResponse.queuing: Forbidden: must be nil if limited.limitResponse.type is not Limited",
      ],
    },
    {
      name: "wrong backstop spec should fail",
      change: {
        metadata: { name: "catch-all" },
        spec: {
          type: "Limited",
          limited: {
            nominalConcurrencyShares: 4,
            limitResponse: { type: "Queue", queuing: { queues: 3 } },
          },
        },
      },
      faults: [
        "spec.limited.limitResponse.queuing.handSize: Invalid value: 8: should not be greater than queues (3)",
        `spec: Invalid value: {"Type":"Limited","Limited":{"NominalConcurrencyShares":4,"LimitResponse":{"Type":"Queue","Queuing":{"Queues":3,"HandSize":8,"QueueLengthLimit":50}},"LendablePercent":0,"BorrowingLimitPercent":null},"Exempt":null}: spec of 'catch-all' must equal the fixed value`,
      ],
    },
    {
      name: "backstop should work",
      change: {
        metadata: { name: "catch-all" },
        spec: {
          type: "Limited",
          limited: { nominalConcurrencyShares: 5, limitResponse: { type: "Reject" } },
        },
      },
      faults: [],
    },
    {
      name: "broken queuing level should fail",
      change: { spec: { type: "Limited", limited: { limitResponse: { type: "Queue" } } } },
      faults: [
        "spec.limited.limitResponse.queuing: Required value: must not be empty if limited.limitResponse.type is Limited",
      ],
    },
    {
      name: "an answer that is none",
      change: { spec: { type: "Limited", limited: { limitResponse: { type: "Some" } } } },
      faults: [
        'spec.limited.limitResponse.type: Unsupported value: "Some": supported values: "Queue", "Reject"',
      ],
    },
    {
      name: "normal customized priority level should work",
      change: {
        spec: {
          type: "Limited",
          limited: { nominalConcurrencyShares: 42, limitResponse: { type: "Queue", queuing: {} } },
        },
      },
      faults: [],
    },
    {
      name: "customized priority level w/ overflowing handSize/queues should fail 1",
      change: {
        spec: {
          type: "Limited",
          limited: { limitResponse: { type: "Queue", queuing: { queues: 512, handSize: 8 } } },
        },
      },
      faults: [
        "spec.limited.limitResponse.queuing.handSize: Invalid value: 8: required entropy bits of deckSize 512 and handSize 8 should not be greater than 60",
      ],
    },
    {
      name: "customized priority level w/ overflowing handSize/queues should fail 2",
      change: {
        spec: {
          type: "Limited",
          limited: { limitResponse: { type: "Queue", queuing: { queues: 128, handSize: 10 } } },
        },
      },
      faults: [
        "spec.limited.limitResponse.queuing.handSize: Invalid value: 10: required entropy bits of deckSize 128 and handSize 10 should not be greater than 60",
      ],
    },
    {
      name: "customized priority level w/ handSize=2 and queues=10^7 should work",
      change: {
        spec: {
          type: "Limited",
          limited: {
            limitResponse: { type: "Queue", queuing: { queues: 10_000_000, handSize: 2 } },
          },
        },
      },
      faults: [],
    },
    {
      name: "more queues than there may be",
      change: {
        spec: {
          type: "Limited",
          limited: {
            limitResponse: { type: "Queue", queuing: { queues: 10_000_001, handSize: 1 } },
          },
        },
      },
      faults: [
        "spec.limited.limitResponse.queuing.queues: Invalid value: 10000001: must not be greater than 10000000",
      ],
    },
    {
      name: "customized priority level w/ handSize greater than queues should fail",
      change: {
        spec: {
          type: "Limited",
          limited: { limitResponse: { type: "Queue", queuing: { queues: 7, handSize: 8 } } },
        },
      },
      faults: [
        "spec.limited.limitResponse.queuing.handSize: Invalid value: 8: should not be greater than queues (7)",
      ],
    },
    {
      name: "numbers below zero",
      change: {
        spec: {
          type: "Limited",
          limited: {
            nominalConcurrencyShares: -1,
            lendablePercent: -1,
            borrowingLimitPercent: -1,
            limitResponse: {
              type: "Queue",
              queuing: { queues: -1, handSize: -1, queueLengthLimit: -1 },
            },
          },
        },
      },
      faults: [
        "spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer",
        "spec.limited.limitResponse.queuing.queueLengthLimit: Invalid value: -1: must be positive",
        "spec.limited.limitResponse.queuing.queues: Invalid value: -1: must be positive",
        "spec.limited.limitResponse.queuing.handSize: Invalid value: -1: must be positive",
        "spec.limited.lendablePercent: Invalid value: -1: must be between 0 and 100, inclusive",
        "spec.limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a non-negative integer",
      ],
    },
    {
      name: "the roundtrip annotation is forbidden",
      change: {
        metadata: {
          annotations: { "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares": "" },
        },
        spec: { type: "Limited", limited: { limitResponse: { type: "Reject" } } },
      },
      faults: [
        "metadata.annotations: Forbidden: annotation 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares' is forbidden",
      ],
    },
  ];
  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(BASE, change))).toEqual(faults);
  });
});

describe("the status of a PriorityLevelConfiguration", () => {
  const rows = [
    {
      name: "duplicate key should fail",
      before: { spec: { type: "Limited", limited: { limitResponse: { type: "Reject" } } } },
      after: { status: { conditions: [{ type: "1" }, { type: "1" }] } },
      faults: ['status.conditions[1].type: Duplicate value: "1"'],
    },
  ];
  it.each(rows)("$name", async ({ before, after, faults }) => {
    expect(await judge.status(merged(BASE, before), after)).toEqual(faults);
  });
});
