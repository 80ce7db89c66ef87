// Cases transcribed from kubernetes pkg/registry/rbac/validation/policy_comparator_test.go @ eb7be269 and
// policy_compact_test.go @ 2cf80cd7.

import { describe, expect, it } from "vitest";

import { compactRules, formatRule } from "./compact-rules.ts";
import { uncoveredRules } from "./covers.ts";
import { escalationFault } from "./escalation.ts";
import { urlCovers } from "./rule-match.ts";
import { binding, listSource, resourceRule, rule, urlRule } from "./testing/rbac-fixture.ts";

const BOTH = rule({
  verbs: ["get"],
  apiGroups: ["v1"],
  resources: ["builds"],
  nonResourceURLs: ["/apis"],
});

const GROUPS = ["group1", "group2"].flatMap((group) => [
  `delete ${group} deployments`,
  `delete ${group} builds`,
  `update ${group} builds,deployments`,
]);
const GROUPED = "delete,update group1,group2 builds,deployments";

interface Row {
  readonly name: string;
  readonly held: readonly string[];
  readonly wanted: readonly string[];
  readonly missing?: readonly string[];
}

const RESOURCE_ROWS: readonly Row[] = [
  { name: "exact match", held: ["get v1 builds"], wanted: ["get v1 builds"] },
  {
    name: "several rules cover one",
    held: ["delete v1 deployments", "delete v1 builds", "update v1 builds,deployments"],
    wanted: ["delete,update v1 builds,deployments"],
  },
  { name: "several groups cover one rule", held: GROUPS, wanted: [GROUPED] },
  { name: "one rule covers several groups", held: [GROUPED], wanted: GROUPS },
  {
    name: "one combination is missing",
    held: ["delete,update v1 builds,deployments", "delete v1 pods"],
    wanted: ["delete,update v1 builds,deployments,pods"],
    missing: ["update v1 pods"],
  },
  { name: "star group covers several", held: ["get * roles"], wanted: ["get group1,group2 roles"] },
  {
    name: "groups do not cover the star",
    held: ["get dummy-group roles"],
    wanted: ["get * roles"],
    missing: ["get * roles"],
  },
  { name: "star group covers star", held: ["get * roles"], wanted: ["get * roles"] },
  { name: "star verb covers several", held: ["* v1 roles"], wanted: ["watch,list v1 roles"] },
  {
    name: "verbs do not cover the star",
    held: ["get,list,watch,create,update,delete,exec v1 roles"],
    wanted: ["* v1 roles"],
    missing: ["* v1 roles"],
  },
  { name: "star verb covers star", held: ["* v1 roles"], wanted: ["* v1 roles"] },
  {
    name: "star resource covers any",
    held: ["get v1 *"],
    wanted: ["get v1 resourcegroup:deployments"],
  },
  {
    name: "resources do not cover the star",
    held: ["get v1 roles,resourcegroup:deployments"],
    wanted: ["get v1 *"],
    missing: ["get v1 *"],
  },
  { name: "star resource covers star", held: ["get v1 *"], wanted: ["get v1 *"] },
  {
    name: "a subresource of every resource covers that of one",
    held: ["get v1 */scale"],
    wanted: ["get v1 foo/scale"],
  },
  {
    name: "but not the resource",
    held: ["get v1 */scale"],
    wanted: ["get v1 foo,foo/status"],
    missing: ["get v1 foo", "get v1 foo/status"],
  },
  { name: "no names cover any", held: ["get v1 pods"], wanted: ["get v1 pods foo,bar"] },
  {
    name: "names do not cover none",
    held: ["get v1 pods foo,bar"],
    wanted: ["get v1 pods"],
    missing: ["get v1 pods"],
  },
];

const URL_ROWS: readonly Row[] = [
  { name: "exact", held: ["* /apis"], wanted: ["* /apis"] },
  { name: "star", held: ["* *"], wanted: ["* /apis,/apis/v1,/"] },
  {
    name: "a prefix does not cover its folder",
    held: ["* /apis/*"],
    wanted: ["get /apis,/apis/v1"],
    missing: ["get /apis"],
  },
  {
    name: "a prefix covers what is below",
    held: ["* /apis/*"],
    wanted: ["get /apis/v1/foo,/apis/v1"],
  },
];

describe("rules that cover others", () => {
  it.each(RESOURCE_ROWS)("$name", ({ held, wanted, missing = [] }) => {
    const uncovered = uncoveredRules(held.map(resourceRule), wanted.map(resourceRule));
    expect(uncovered).toEqual(missing.map(resourceRule));
  });

  it.each(URL_ROWS)("URLs: $name", ({ held, wanted, missing = [] }) => {
    expect(uncoveredRules(held.map(urlRule), wanted.map(urlRule))).toEqual(missing.map(urlRule));
  });

  it("looks at resources and URLs of one rule apart", () => {
    expect(uncoveredRules([BOTH], [BOTH])).toEqual([]);
    expect(uncoveredRules([resourceRule("get v1 builds")], [BOTH])).toEqual([urlRule("get /apis")]);
  });

  it.each([
    ["*", "/api", true],
    ["/api", "/api", true],
    ["/apis", "/api", false],
    ["/api/v1", "/api", false],
    ["/api/v1", "/api/v1", true],
    ["/api/*", "/api/v1", true],
    ["/api/*", "/api", false],
    ["/api/*/*", "/api/v1", false],
    ["/*/v1/*", "/api/v1", false],
  ] as const)("%s covers %s: %s", (owner, requested, expected) => {
    expect(urlCovers(owner, requested)).toBe(expected);
  });
});

describe("rules made short", () => {
  const simple = [
    "get - builds",
    "list - builds",
    "update,patch - builds",
    "create extensions daemonsets",
    "delete extensions daemonsets",
    "patch extensions daemonsets ",
    "get extensions daemonsets foo",
    "list extensions daemonsets foo",
    "educate - dolphins",
  ].map(resourceRule);
  const shortened = [
    "get,list,update,patch - builds",
    "create,delete extensions daemonsets",
    "patch extensions daemonsets ",
    "get,list extensions daemonsets foo",
    "educate - dolphins",
  ].map(resourceRule);
  const kept = [
    { name: "several groups", rules: ["get -,builds.openshift.io builds", "list -,b builds"] },
    { name: "several resources", rules: ["get - builds,images", "list - builds,images"] },
    { name: "different names", rules: ["get - builds mybuild", "list - builds mybuild2"] },
  ];

  it("joins verbs", () => {
    expect(compactRules(simple)).toEqual(shortened);
  });

  it("joins verbs into none", () => {
    const none = rule({ apiGroups: [""], resources: ["pods"] });
    const create = resourceRule("create - pods");
    expect(compactRules([none, create])).toEqual([create]);
  });

  it.each(kept)("keeps $name", ({ rules }) => {
    expect(compactRules(rules.map(resourceRule))).toEqual(rules.map(resourceRule));
  });

  it("keeps URLs", () => {
    expect(compactRules([BOTH, BOTH])).toEqual([BOTH, BOTH]);
  });
});

describe("the refusal", () => {
  it("says who, what, and what could not be looked up", () => {
    const source = listSource({
      clusterRoles: { view: [resourceRule("get - pods")] },
      bindings: [
        binding("a", "ns", "ClusterRole/view", "User:bob"),
        binding("b", "ns", "Role/gone", "Group:dev"),
      ],
    });
    const bob = { name: "bob", groups: ["dev", "system:authenticated"] };
    const wanted = [resourceRule("get,list,watch - pods,secrets"), urlRule("get /metrics")];
    expect(escalationFault(source, bob, "ns", [resourceRule("get - pods x")])).toBeUndefined();
    expect(escalationFault(source, bob, "ns", wanted)).toBe(
      'user "bob" (groups=["dev" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n' +
        '{APIGroups:[""], Resources:["pods"], Verbs:["list" "watch"]}\n' +
        '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list" "watch"]}\n' +
        '{NonResourceURLs:["/metrics"], Verbs:["get"]}' +
        '; resolution errors: [role.rbac.authorization.k8s.io "gone" not found]',
    );
  });

  it("prints a rule as the API server does", () => {
    expect(formatRule(resourceRule("get,list - pods x"))).toBe(
      '{APIGroups:[""], Resources:["pods"], ResourceNames:["x"], Verbs:["get" "list"]}',
    );
  });
});
