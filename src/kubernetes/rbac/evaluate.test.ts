// Cases transcribed from kubernetes plugin/pkg/auth/authorizer/rbac/rbac_test.go @ 90d6cfcf (TestAuthorizer, TestRuleMatches).

import { describe, expect, it } from "vitest";

import { evaluateRbac } from "./evaluate.ts";
import { ruleAllows } from "./rule-match.ts";
import {
  binding,
  listSource,
  question,
  resourceRule,
  rule,
  urlQuestion,
  urlRule,
} from "./testing/rbac-fixture.ts";
import type { Policies } from "./testing/rbac-fixture.ts";

const ADMINS = binding("b", "ns1", "ClusterRole/admin", "User:admin", "Group:admins");
const everything = (resource: string) =>
  rule({ verbs: ["*"], apiGroups: ["*"], resources: [resource], nonResourceURLs: ["*"] });

interface Row {
  readonly name: string;
  readonly policies: Policies;
  readonly pass: readonly string[];
  readonly fail: readonly string[];
}

const RESOURCES: readonly Row[] = [
  {
    name: "a cluster role bound in one namespace",
    policies: { clusterRoles: { admin: [everything("*")] }, bindings: [ADMINS] },
    pass: [
      "admin - get Pods ns1",
      "admin - watch Pods ns1",
      "admin group1 watch Foobar ns1",
      "joe admins watch Foobar ns1",
      "joe group1,admins watch Foobar ns1",
    ],
    fail: [
      "admin - GET Pods ns2",
      "admin - GET Nodes -",
      "admin admins GET Pods ns2",
      "admin admins GET Nodes -",
    ],
  },
  {
    name: "a resource is not its subresources",
    policies: { clusterRoles: { admin: [everything("pods")] }, bindings: [ADMINS] },
    pass: ["admin - get pods ns1"],
    fail: ["admin - get pods/status ns1"],
  },
  {
    name: "a subresource, and one of every resource",
    policies: {
      clusterRoles: { admin: [everything("pods/status"), everything("*/scale")] },
      bindings: [ADMINS],
    },
    pass: [
      "admin - get pods/status ns1",
      "admin - get pods/scale ns1",
      "admin - get deployments/scale ns1",
      "admin - get anything/scale ns1",
    ],
    fail: ["admin - get pods ns1"],
  },
];

const URLS: Row = {
  name: "URLs",
  policies: {
    clusterRoles: {
      getter: [urlRule("get /apis")],
      all: [urlRule("* /apis")],
      prefix: [urlRule("get /apis/*")],
    },
    bindings: [
      binding("a", "", "ClusterRole/getter", "User:foo", "Group:bar"),
      binding("b", "", "ClusterRole/all", "User:admin", "Group:admin"),
      binding("c", "", "ClusterRole/prefix", "User:prefixed", "Group:prefixed"),
    ],
  },
  pass: [
    "foo - get /apis",
    "- bar get /apis",
    "admin - get /apis",
    "- admin get /apis",
    "admin - watch /apis",
    "- admin watch /apis",
    "prefixed - get /apis/v1",
    "- prefixed get /apis/v1",
    "prefixed - get /apis/v1/foobar",
    "- prefixed get /apis/v1/foorbar",
  ],
  fail: [
    "foo - watch /apis",
    "- bar watch /apis",
    "foo - get /api/v1",
    "- bar get /api/v1",
    "admin - get /api/v1",
    "- admin get /api/v1",
    "prefixed - get /api/v1",
    "- prefixed get /api/v1",
  ],
};

describe("what RBAC allows", () => {
  it.each(RESOURCES)("$name", ({ policies, pass, fail }) => {
    const source = listSource(policies);
    const allowed = (text: string) => evaluateRbac(source, question(text)).decision === "allow";
    expect(pass.filter((text) => !allowed(text))).toEqual([]);
    expect(fail.filter(allowed)).toEqual([]);
  });

  it("URLs", () => {
    const source = listSource(URLS.policies);
    const allowed = (text: string) => evaluateRbac(source, urlQuestion(text)).decision === "allow";
    expect(URLS.pass.filter((text) => !allowed(text))).toEqual([]);
    expect(URLS.fail.filter(allowed)).toEqual([]);
  });
});

const TUPLES = ["verb1", "verb2"].flatMap((verb) =>
  ["group1", "group2"].flatMap((group) =>
    ["resource1", "resource2"].map((resource) => ({ verb, group, resource })),
  ),
);

const RULES = [
  { name: "star verb", rule: resourceRule("* group1 resource1"), allowed: /. group1 resource1$/ },
  { name: "star group", rule: resourceRule("verb1 * resource1"), allowed: /^verb1 .* resource1$/ },
  { name: "star resource", rule: resourceRule("verb1 group1 *"), allowed: /^verb1 group1 / },
  {
    name: "tuple expansion",
    rule: resourceRule("verb1,verb2 group1,group2 resource1,resource2"),
    allowed: /./,
  },
];

const PATHS = ["/foo", "/foo/bar", "/foo/baz", "/foo/bar/one", "/notfoo", "/notfoo/bar/one"];

const URL_RULES = [
  { name: "star", rule: urlRule("verb1 *"), allowed: /^verb1 / },
  { name: "star subpath", rule: urlRule("verb1 /foo/*"), allowed: /^verb1 \/foo\// },
  { name: "exact", rule: urlRule("* /foo,/foo/bar/one"), allowed: / (\/foo|\/foo\/bar\/one)$/ },
];

describe("what one rule allows", () => {
  it.each(RULES)("$name", ({ rule: given, allowed }) => {
    for (const tuple of TUPLES) {
      const asked = { ...tuple, subresource: "", name: "" };
      const text = `${tuple.verb} ${tuple.group} ${tuple.resource}`;
      expect([text, ruleAllows(given, asked)]).toEqual([text, allowed.test(text)]);
    }
  });

  it("one subresource of one resource", () => {
    const given = resourceRule("* * resource1/subresource1");
    const asked = (full: string) => ruleAllows(given, question(`u - verb1 ${full} - group1`));
    expect(asked("resource1/subresource1")).toBe(true);
    expect(asked("resource1/subresource2")).toBe(false);
    expect(asked("resource2/subresource1")).toBe(false);
    expect(asked("resource1")).toBe(false);
  });

  it.each(URL_RULES)("URLs: $name", ({ rule: given, allowed }) => {
    for (const text of ["verb1", "verb2"].flatMap((verb) => PATHS.map((path) => `${verb} ${path}`)))
      expect([text, ruleAllows(given, urlQuestion(`u - ${text}`))]).toEqual([
        text,
        allowed.test(text),
      ]);
  });

  it("names limit a rule to requests about them", () => {
    const given = resourceRule("get,create - configmaps x");
    const asked = { ...question("u - get configmaps ns -"), name: "x" };
    expect(ruleAllows(given, asked)).toBe(true);
    expect(ruleAllows(given, { ...asked, name: "y" })).toBe(false);
    expect(ruleAllows(given, { ...asked, verb: "create", name: "" })).toBe(false);
  });
});

describe("the reason", () => {
  const policies: Policies = {
    clusterRoles: { view: [resourceRule("get - pods")] },
    bindings: [
      binding("broken", "", "ClusterRole/gone", "User:bob"),
      binding("again", "ns", "ClusterRole/gone", "User:bob"),
      binding("none", "ns", "Role/none", "User:bob"),
      binding("b", "ns", "ClusterRole/view", "User:bob", "ServiceAccount:/robot"),
      binding("all", "", "ClusterRole/view", "ServiceAccount:other/robot"),
    ],
  };
  const reason = (text: string) => evaluateRbac(listSource(policies), question(text)).reason;

  it.each([
    {
      name: "names binding, role and subject",
      asked: "bob - get pods ns",
      expected: 'RBAC: allowed by RoleBinding "b/ns" of ClusterRole "view" to User "bob"',
    },
    {
      name: "gives a service account its namespace",
      asked: "system:serviceaccount:ns:robot - get pods ns",
      expected:
        'RBAC: allowed by RoleBinding "b/ns" of ClusterRole "view" to ServiceAccount "robot/ns"',
    },
    {
      name: "names a cluster role binding",
      asked: "system:serviceaccount:other:robot - get pods -",
      expected:
        'RBAC: allowed by ClusterRoleBinding "all" of ClusterRole "view" to ServiceAccount "robot/other"',
    },
    {
      name: "tells each missing role once",
      asked: "bob - delete pods ns",
      expected:
        'RBAC: [clusterrole.rbac.authorization.k8s.io "gone" not found, role.rbac.authorization.k8s.io "none" not found]',
    },
    {
      name: "puts no brackets around one",
      asked: "bob - delete pods -",
      expected: 'RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found',
    },
    { name: "is empty otherwise", asked: "eve - get pods ns", expected: "" },
  ])("$name", ({ asked, expected }) => {
    expect(reason(asked)).toBe(expected);
  });
});
