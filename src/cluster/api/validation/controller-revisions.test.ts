// ControllerRevisions and PodTemplates: cases of TestValidateControllerRevision in kubernetes
// pkg/apis/apps/validation/validation_test.go; texts as the strategies of kubernetes @v1.36.2 give them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const REVISION: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "ControllerRevision",
  metadata: { name: "web", namespace: "shop" },
  revision: 1,
  data: { a: "b" },
};

describe("a new ControllerRevision", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "of nothing",
      change: { revision: -1, data: undefined },
      faults: [
        "revision: Invalid value: -1: must be greater than or equal to 0",
        "data: Required value: data is mandatory",
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(REVISION, change))).toEqual(faults);
  });
});

describe("a change of a ControllerRevision", () => {
  const rows = [
    { name: "to the next one", from: {}, change: { revision: 2 }, faults: [] },
    {
      name: "of what it holds",
      from: {},
      change: { data: { a: "c" } },
      faults: ['data: Invalid value: {"a":"c"}: field is immutable'],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(REVISION, from);
    expect(await judge.update(before, merged(REVISION, change))).toEqual(faults);
  });
});

const TEMPLATE: KubernetesObject = {
  apiVersion: "v1",
  kind: "PodTemplate",
  metadata: { name: "web", namespace: "shop" },
  template: {
    metadata: { labels: { app: "web" } },
    spec: { containers: [{ name: "c", image: "i:1" }] },
  },
};

describe("a new PodTemplate", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "of labels that are none",
      change: { template: { metadata: { labels: { "a b": "-x" } } } },
      faults: [
        "template.labels: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "template.labels: Invalid value: \"-x\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(TEMPLATE, change))).toEqual(faults);
  });
});
