// FlowSchemas: cases of TestFlowSchemaValidation, TestValidateFlowSchemaStatus and TestValidateNonResourceURLPath in kubernetes
// pkg/apis/flowcontrol/validation/validation_test.go @v1.36.2; texts as that version gives them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const BASE: KubernetesObject = {
  apiVersion: "flowcontrol.apiserver.k8s.io/v1",
  kind: "FlowSchema",
  metadata: { name: "test" },
  spec: { matchingPrecedence: 50, priorityLevelConfiguration: { name: "system" } },
};

describe("a FlowSchema", () => {
  const rows = [
    {
      name: "missing both resource and non-resource policy-rule should fail",
      change: { spec: { rules: [{ subjects: [{ kind: "User", user: { name: "noxu" } }] }] } },
      faults: [
        "spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty",
      ],
    },
    {
      name: "normal flow-schema w/ * verbs/apiGroups/resources should work",
      change: {
        spec: {
          rules: [
            {
              subjects: [{ kind: "Group", group: { name: "noxu" } }],
              resourceRules: [
                { verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"] },
              ],
            },
          ],
        },
      },
      faults: [],
    },
    {
      name: "malformed Subject union in ServiceAccount case",
      change: {
        spec: {
          rules: [
            {
              subjects: [
                { kind: "ServiceAccount", user: { name: "fred" }, group: { name: "fred" } },
              ],
              nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
            },
          ],
        },
      },
      faults: [
        "spec.rules[0].subjects[0].serviceAccount: Required value: serviceAccount is required when subject kind is 'ServiceAccount'",
        "spec.rules[0].subjects[0].user: Forbidden: user is forbidden when subject kind is not 'User'",
        "spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group'",
      ],
    },
    {
      name: "Subject union malformed in User case",
      change: {
        spec: {
          rules: [
            {
              subjects: [
                {
                  kind: "User",
                  group: { name: "fred" },
                  serviceAccount: { namespace: "s", name: "n" },
                },
              ],
              nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
            },
          ],
        },
      },
      faults: [
        "spec.rules[0].subjects[0].user: Required value: user is required when subject kind is 'User'",
        "spec.rules[0].subjects[0].serviceAccount: Forbidden: serviceAccount is forbidden when subject kind is not 'ServiceAccount'",
        "spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group'",
      ],
    },
    {
      name: "malformed Subject union in Group case",
      change: {
        spec: {
          rules: [
            {
              subjects: [
                {
                  kind: "Group",
                  user: { name: "fred" },
                  serviceAccount: { namespace: "s", name: "n" },
                },
              ],
              nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
            },
          ],
        },
      },
      faults: [
        "spec.rules[0].subjects[0].group: Required value: group is required when subject kind is 'Group'",
        "spec.rules[0].subjects[0].serviceAccount: Forbidden: serviceAccount is forbidden when subject kind is not 'ServiceAccount'",
        "spec.rules[0].subjects[0].user: Forbidden: user is forbidden when subject kind is not 'User'",
      ],
    },
    {
      name: "exempt flow-schema should work",
      change: {
        metadata: { name: "exempt" },
        spec: {
          matchingPrecedence: 1,
          priorityLevelConfiguration: { name: "exempt" },
          rules: [
            {
              subjects: [{ kind: "Group", group: { name: "system:masters" } }],
              resourceRules: [
                {
                  verbs: ["*"],
                  apiGroups: ["*"],
                  resources: ["*"],
                  namespaces: ["*"],
                  clusterScope: true,
                },
              ],
              nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
            },
          ],
        },
      },
      faults: [],
    },
    {
      name: "bad exempt flow-schema should fail",
      change: {
        metadata: { name: "exempt" },
        spec: {
          matchingPrecedence: 1,
          priorityLevelConfiguration: { name: "exempt" },
          rules: [
            {
              subjects: [
                { kind: "User", user: { name: "a" } },
                { kind: "ServiceAccount", serviceAccount: { namespace: "a", name: "*" } },
              ],
              nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/"] }],
            },
          ],
        },
      },
      faults: [
        `spec: Invalid value: {"PriorityLevelConfiguration":{"Name":"exempt"},"MatchingPrecedence":1,"DistinguisherMethod":null,"Rules":[{"Subjects":[{"Kind":"User","User":{"Name":"a"},"Group":null,"ServiceAccount":null},{"Kind":"ServiceAccount","User":null,"Group":null,"ServiceAccount":{"Namespace":"a","Name":"*"}}],"ResourceRules":null,"NonResourceRules":[{"Verbs":["get"],"NonResourceURLs":["/"]}]}]}: spec of 'exempt' must equal the fixed value`,
      ],
    },
    {
      name: "bad catch-all flow-schema should fail",
      change: {
        metadata: { name: "catch-all" },
        spec: { matchingPrecedence: 1, distinguisherMethod: { type: "ByUser" } },
      },
      faults: [
        "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
        `spec: Invalid value: {"PriorityLevelConfiguration":{"Name":"system"},"MatchingPrecedence":1,"DistinguisherMethod":{"Type":"ByUser"},"Rules":null}: spec of 'catch-all' must equal the fixed value`,
      ],
    },
    {
      name: "catch-all flow-schema should work",
      change: {
        metadata: { name: "catch-all" },
        spec: {
          matchingPrecedence: 10000,
          priorityLevelConfiguration: { name: "catch-all" },
          distinguisherMethod: { type: "ByUser" },
          rules: [
            {
              subjects: [
                { kind: "Group", group: { name: "system:unauthenticated" } },
                { kind: "Group", group: { name: "system:authenticated" } },
              ],
              resourceRules: [
                {
                  verbs: ["*"],
                  apiGroups: ["*"],
                  resources: ["*"],
                  namespaces: ["*"],
                  clusterScope: true,
                },
              ],
              nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
            },
          ],
        },
      },
      faults: [],
    },
    {
      name: "non-exempt flow-schema with matchingPrecedence==1 should fail",
      change: { spec: { matchingPrecedence: 1 } },
      faults: [
        "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
      ],
    },
    {
      name: "without a precedence has the usual one",
      change: { spec: { matchingPrecedence: 0 } },
      faults: [],
    },
    {
      name: "a negative precedence",
      change: { spec: { matchingPrecedence: -1 } },
      faults: ["spec.matchingPrecedence: Invalid value: -1: must be a positive value"],
    },
    {
      name: "flow-schema mixes * verbs/apiGroups/resources should fail",
      change: {
        spec: {
          rules: [
            {
              subjects: [{ kind: "User", user: { name: "noxu" } }],
              resourceRules: [
                {
                  verbs: ["*", "create"],
                  apiGroups: ["*", "tak"],
                  resources: ["*", "tok"],
                  namespaces: ["*"],
                },
              ],
            },
          ],
        },
      },
      faults: [
        `spec.rules[0].resourceRules[0].verbs: Invalid value: ["*","create"]: if '*' is present, must not specify other verbs`,
        `spec.rules[0].resourceRules[0].apiGroups: Invalid value: ["*","tak"]: if '*' is present, must not specify other api groups`,
        `spec.rules[0].resourceRules[0].resources: Invalid value: ["*","tok"]: if '*' is present, must not specify other resources`,
      ],
    },
    {
      name: "flow-schema mixes * non-resource URLs should fail",
      change: {
        spec: {
          rules: [
            {
              subjects: [{ kind: "User", user: { name: "noxu" } }],
              nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*", "tik"] }],
            },
          ],
        },
      },
      faults: [
        `spec.rules[0].nonResourceRules[0].nonResourceURLs: Invalid value: ["*","tik"]: if '*' is present, must not specify other non-resource URLs`,
      ],
    },
    {
      name: "empty lists should fail",
      change: {
        spec: {
          rules: [
            {
              subjects: [],
              resourceRules: [{ verbs: [], apiGroups: [], resources: [], namespaces: [] }],
              nonResourceRules: [{ verbs: [], nonResourceURLs: [] }],
            },
          ],
        },
      },
      faults: [
        "spec.rules[0].subjects: Required value: subjects must contain at least one value",
        "spec.rules[0].resourceRules[0].verbs: Required value: verbs must contain at least one value",
        "spec.rules[0].resourceRules[0].apiGroups: Required value: resource rules must supply at least one api group",
        "spec.rules[0].resourceRules[0].resources: Required value: resource rules must supply at least one resource",
        "spec.rules[0].resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace",
        "spec.rules[0].nonResourceRules[0].verbs: Required value: verbs must contain at least one value",
        "spec.rules[0].nonResourceRules[0].nonResourceURLs: Required value: nonResourceURLs must contain at least one value",
      ],
    },
    {
      name: "invalid subject kind should fail",
      change: {
        spec: {
          rules: [
            {
              subjects: [{ kind: "FooKind" }],
              nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
            },
          ],
        },
      },
      faults: [
        'spec.rules[0].subjects[0].kind: Unsupported value: "FooKind": supported values: "Group", "ServiceAccount", "User"',
      ],
    },
    {
      name: "flow-schema w/ invalid verb should fail",
      change: {
        spec: {
          rules: [
            {
              subjects: [{ kind: "User", user: { name: "" } }],
              resourceRules: [
                { verbs: ["feed"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"] },
              ],
            },
          ],
        },
      },
      faults: [
        "spec.rules[0].subjects[0].user.name: Required value",
        'spec.rules[0].resourceRules[0].verbs: Unsupported value: ["feed"]: supported values: "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"',
      ],
    },
    {
      name: "flow-schema w/ invalid priority level configuration name should fail",
      change: { spec: { priorityLevelConfiguration: { name: "system+++$$" } } },
      faults: [
        `spec.priorityLevelConfiguration.name: Invalid value: "system+++$$": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      ],
    },
    {
      name: "flow-schema without a priority level should fail",
      change: { spec: { priorityLevelConfiguration: { name: "" } } },
      faults: [
        "spec.priorityLevelConfiguration.name: Required value: must reference a priority level",
      ],
    },
    {
      name: "flow-schema w/ service-account kind missing namespace should fail",
      change: {
        spec: {
          rules: [
            {
              subjects: [
                { kind: "ServiceAccount", serviceAccount: { name: "noxu", namespace: "" } },
                { kind: "ServiceAccount", serviceAccount: { name: "", namespace: "A" } },
                { kind: "ServiceAccount", serviceAccount: { name: "A", namespace: "a" } },
              ],
              nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
            },
          ],
        },
      },
      faults: [
        "spec.rules[0].subjects[0].serviceAccount.namespace: Required value: must specify namespace for service account",
        "spec.rules[0].subjects[1].serviceAccount.name: Required value",
        `spec.rules[0].subjects[1].serviceAccount.namespace: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
        `spec.rules[0].subjects[2].serviceAccount.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      ],
    },
    {
      name: "Omitted ResourceRule.Namespaces should fail",
      change: {
        spec: {
          rules: [
            {
              subjects: [{ kind: "User", user: { name: "noxu" } }],
              resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
            },
          ],
        },
      },
      faults: [
        "spec.rules[0].resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace",
      ],
    },
    {
      name: "ClusterScope is allowed, with no Namespaces",
      change: {
        spec: {
          rules: [
            {
              subjects: [{ kind: "User", user: { name: "noxu" } }],
              resourceRules: [
                { verbs: ["*"], apiGroups: ["*"], resources: ["*"], clusterScope: true },
              ],
            },
          ],
        },
      },
      faults: [],
    },
    {
      name: "NamespaceEvery may not be combined with particulars",
      change: {
        spec: {
          rules: [
            {
              subjects: [{ kind: "User", user: { name: "noxu" } }],
              resourceRules: [
                { verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["foo", "*"] },
              ],
            },
          ],
        },
      },
      faults: [
        `spec.rules[0].resourceRules[0].namespaces: Invalid value: ["foo","*"]: if '*' is present, must not specify other namespaces`,
      ],
    },
    {
      name: "ResourceRule.Namespaces must be well formed",
      change: {
        spec: {
          rules: [
            {
              subjects: [{ kind: "User", user: { name: "noxu" } }],
              resourceRules: [
                { verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["-foo", "a.b"] },
              ],
            },
          ],
        },
      },
      faults: [
        `spec.rules[0].resourceRules[0].namespaces[0]: Invalid value: "-foo": each member of this list must be '*' or a DNS-1123 label; a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
        `spec.rules[0].resourceRules[0].namespaces[1]: Invalid value: "a.b": each member of this list must be '*' or a DNS-1123 label; must not contain dots`,
      ],
    },
    {
      name: "MatchingPrecedence must not be greater than 10000",
      change: { spec: { matchingPrecedence: 10001 } },
      faults: ["spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000"],
    },
    {
      name: "a distinguisher that is none",
      change: { spec: { distinguisherMethod: { type: "ByWeather" } } },
      faults: [
        'spec.distinguisherMethod.type: Unsupported value: {"Type":"ByWeather"}: supported values: "ByNamespace", "ByUser"',
      ],
    },
    {
      name: "paths outside of resources",
      change: {
        spec: {
          rules: [
            {
              subjects: [{ kind: "User", user: { name: "noxu" } }],
              nonResourceRules: [
                {
                  verbs: ["*"],
                  nonResourceURLs: [
                    "",
                    "foo",
                    "/",
                    "//",
                    "/foo",
                    "/foo//bar",
                    "/foo/",
                    "/foo/*",
                    "/*/foo",
                    "/foo bar",
                    "/foo*",
                    "/*/*",
                    "/*foo",
                  ],
                },
              ],
            },
          ],
        },
      },
      faults: [
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "": must not be empty',
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[1]: Invalid value: "foo": must start with slash',
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[3]: Invalid value: "//": must not contain double slash',
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[5]: Invalid value: "/foo//bar": must not contain double slash',
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[8]: Invalid value: "/*/foo": wildcard can only do suffix matching',
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[9]: Invalid value: "/foo bar": must not contain white-space',
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[10]: Invalid value: "/foo*": wildcard can only do suffix matching',
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[11]: Invalid value: "/*/*": wildcard can only do suffix matching',
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[12]: Invalid value: "/*foo": wildcard can only do suffix matching',
      ],
    },
  ];
  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(BASE, change))).toEqual(faults);
  });
});

describe("the status of a FlowSchema", () => {
  const rows = [
    {
      name: "duplicate key should fail",
      before: {},
      after: { status: { conditions: [{ type: "1" }, { type: "1" }] } },
      faults: ['status.conditions[1].type: Duplicate value: "1"'],
    },
    {
      name: "missing key should fail",
      before: {},
      after: { status: { conditions: [{ type: "" }] } },
      faults: ["status.conditions[0].type: Required value"],
    },
  ];
  it.each(rows)("$name", async ({ before, after, faults }) => {
    expect(await judge.status(merged(BASE, before), after)).toEqual(faults);
  });
});
