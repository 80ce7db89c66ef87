// IngressClasses: cases of TestValidateIngressClass in kubernetes pkg/apis/networking/validation/validation_test.go @v1.36.2.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const BASE: KubernetesObject = {
  apiVersion: "networking.k8s.io/v1",
  kind: "IngressClass",
  metadata: { name: "test" },
};

describe("an IngressClass", () => {
  const rows = [
    {
      name: "valid name, valid controller",
      change: { spec: { controller: "foo.co/bar" } },
      faults: [],
    },
    {
      name: "valid name, invalid controller",
      change: { spec: { controller: "foo.co/bar!@#$^" } },
      faults: [
        `spec.controller: Invalid value: "bar!@#$^": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')`,
      ],
    },
    {
      name: "valid name, very long controller",
      change: {
        spec: {
          controller:
            "foo.co/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        },
      },
      faults: ["spec.controller: Too long: may not be more than 250 bytes"],
    },
    {
      name: "valid name, very long controller without a domain",
      change: { spec: { controller: "x".repeat(251) } },
      faults: [
        "spec.controller: Too long: may not be more than 250 bytes",
        'spec.controller: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be a domain-prefixed path (such as "acme.io/foo")',
      ],
    },
    {
      name: "valid name, valid controller, invalid params (apiGroup)",
      change: {
        spec: {
          controller: "foo.co/bar",
          parameters: {
            apiGroup: "A",
            kind: "a/b",
            name: "c%",
            scope: "Namespace",
            namespace: "D",
          },
        },
      },
      faults: [
        `spec.parameters.apiGroup: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
        `spec.parameters.kind: Invalid value: "a/b": may not contain '/'`,
        `spec.parameters.name: Invalid value: "c%": may not contain '%'`,
        `spec.parameters.namespace: Invalid value: "D": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      ],
    },
  ];
  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(BASE, change))).toEqual(faults);
  });
});

describe("an IngressClass that is changed", () => {
  const rows = [
    {
      name: "name can be changed to none",
      before: { spec: { controller: "foo.co/bar" } },
      after: { spec: { controller: "foo/*?" } },
      faults: [
        'spec.controller: Invalid value: "foo/*?": field is immutable',
        `spec.controller: Invalid value: "*?": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')`,
      ],
    },
  ];
  it.each(rows)("$name", async ({ before, after, faults }) => {
    expect(await judge.update(merged(BASE, before), merged(BASE, after))).toEqual(faults);
  });
});
