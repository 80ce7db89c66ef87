// RuntimeClasses: cases of kubernetes pkg/apis/node/validation/validation_test.go @v1.36.2; texts as that version gives them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const BASE: KubernetesObject = {
  apiVersion: "node.k8s.io/v1",
  kind: "RuntimeClass",
  metadata: { name: "test" },
  handler: "bar",
};

describe("a RuntimeClass", () => {
  const rows = [
    { name: "of the usual form", change: {}, faults: [] },
    { name: "without a handler", change: { handler: "" }, faults: ["handler: Required value"] },
    {
      name: "with a handler that is no label",
      change: { handler: "&!@#" },
      faults: [
        `handler: Invalid value: "&!@#": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      ],
    },
    {
      name: "with a handler that has dots",
      change: { handler: "a.b" },
      faults: ['handler: Invalid value: "a.b": must not contain dots'],
    },
    {
      name: "with a handler of a dot and capitals",
      change: { handler: "Some.handler" },
      faults: [
        `handler: Invalid value: "Some.handler": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      ],
    },
    {
      name: "valid Overhead",
      change: { overhead: { podFixed: { cpu: "10", memory: "1Gi" } } },
      faults: [],
    },
    {
      name: "Invalid Resources",
      change: { overhead: { podFixed: { "my.org": "10m" } } },
      faults: [
        'overhead.limits[my.org]: Invalid value: "my.org": must be a standard resource type or fully qualified',
        'overhead.limits[my.org]: Invalid value: "my.org": must be a standard resource for containers',
      ],
    },
    {
      name: "overhead of pages alone",
      change: { overhead: { podFixed: { "hugepages-2Mi": "3Mi" } } },
      faults: [
        'overhead.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
        "overhead: Forbidden: HugePages require cpu or memory",
      ],
    },
    {
      name: "negative overhead",
      change: { overhead: { podFixed: { cpu: "-1", "a.b/c": "500m" } } },
      faults: [
        'overhead.limits[a.b/c]: Invalid value: "500m": must be an integer',
        'overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
      ],
    },
    {
      name: "valid scheduling",
      change: {
        scheduling: {
          nodeSelector: { valid: "yes" },
          tolerations: [{ key: "valid", operator: "Exists", effect: "NoSchedule" }],
        },
      },
      faults: [],
    },
    {
      name: "invalid nodeSelector",
      change: { scheduling: { nodeSelector: { "not a valid key!!!": "nope" } } },
      faults: [
        `scheduling.nodeSelector: Invalid value: "not a valid key!!!": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      ],
    },
    {
      name: "invalid toleration",
      change: {
        scheduling: {
          tolerations: [
            { key: "valid", operator: "Some", effect: "NoSchedule" },
            { key: "not a valid key!!!", operator: "Exists", effect: "NoSchedule" },
            {},
            { operator: "Exists", value: "a", tolerationSeconds: 1 },
            { key: "a", value: "not valid" },
            { key: "a", operator: "Lt", value: "1" },
            { key: "a", effect: "Now" },
          ],
        },
      },
      faults: [
        'scheduling.tolerations[0].operator: Unsupported value: "Some": supported values: "Equal", "Exists"',
        `scheduling.tolerations[1].key: Invalid value: "not a valid key!!!": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
        'scheduling.tolerations[2].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and all keys"',
        `scheduling.tolerations[3].effect: Invalid value: "": effect must be 'NoExecute' when \`tolerationSeconds\` is set`,
        `scheduling.tolerations[3].operator: Invalid value: "a": value must be empty when \`operator\` is 'Exists'`,
        `scheduling.tolerations[4].operator: Invalid value: "not valid": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
        'scheduling.tolerations[5].operator: Unsupported value: "Lt": supported values: "Equal", "Exists", "Lt", "Gt"',
        'scheduling.tolerations[6].effect: Unsupported value: "Now": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      ],
    },
    {
      name: "invalid duplicate tolerations",
      change: {
        scheduling: {
          tolerations: [
            { key: "valid", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 },
            { key: "valid", operator: "Exists", effect: "NoExecute", tolerationSeconds: 10 },
          ],
        },
      },
      faults: [
        'scheduling.tolerations[1]: Duplicate value: {"Key":"valid","Operator":"Exists","Value":"","Effect":"NoExecute","TolerationSeconds":10}',
      ],
    },
  ];
  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(BASE, change))).toEqual(faults);
  });
});

describe("a RuntimeClass that is changed", () => {
  const rows = [
    {
      name: "handler",
      before: {},
      after: { handler: "somethingelse" },
      faults: ['handler: Invalid value: "somethingelse": field is immutable'],
    },
    {
      name: "handler to none",
      before: {},
      after: { handler: "some.thing" },
      faults: [
        'handler: Invalid value: "some.thing": must not contain dots',
        'handler: Invalid value: "some.thing": field is immutable',
      ],
    },
    {
      name: "metadata and scheduling",
      before: {},
      after: { scheduling: { nodeSelector: { a: "b" } } },
      faults: [],
    },
  ];
  it.each(rows)("$name", async ({ before, after, faults }) => {
    expect(await judge.update(merged(BASE, before), merged(BASE, after))).toEqual(faults);
  });
});
