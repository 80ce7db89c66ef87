// Cases transcribed from kubernetes pkg/registry/rbac/validation/rule_test.go @ fde22c3f (TestDefaultRuleResolver, TestAppliesTo).

import { describe, expect, it } from "vitest";

import { rulesFor } from "./resolve-rules.ts";
import { subjectOf } from "./subject-match.ts";
import { binding, listSource, resourceRule, subject } from "./testing/rbac-fixture.ts";

const READ_PODS = resourceRule("GET,WATCH v1 pods");
const READ_SERVICES = resourceRule("GET,WATCH v1 services");
const ADMIN = resourceRule("* * *");

const SOURCE = listSource({
  roles: { "namespace1/readthings": [READ_PODS, READ_SERVICES] },
  clusterRoles: {
    "cluster-admin": [ADMIN],
    "write-nodes": [resourceRule("PUT,CREATE,UPDATE v1 nodes")],
  },
  bindings: [
    binding("a", "namespace1", "Role/readthings", "User:foobar", "Group:group1"),
    binding("b", "", "ClusterRole/cluster-admin", "User:admin", "Group:admin"),
  ],
});

describe("the rules of a user", () => {
  it.each([
    {
      name: "in the namespace of the binding",
      user: "foobar",
      groups: [],
      namespace: "namespace1",
      rules: [READ_PODS, READ_SERVICES],
    },
    { name: "in another", user: "foobar", groups: [], namespace: "namespace2", rules: [] },
    { name: "in none", user: "foobar", groups: ["admin"], namespace: "", rules: [ADMIN] },
    { name: "of nobody", user: "", groups: [], namespace: "", rules: [] },
  ])("$name", ({ user, groups, namespace, rules }) => {
    expect(rulesFor(SOURCE, { name: user, groups }, namespace)).toEqual({ rules, errors: [] });
  });

  it("go on where a role is missing", () => {
    const source = listSource({
      clusterRoles: { view: [READ_PODS] },
      bindings: [
        binding("a", "", "ClusterRole/gone", "User:bob"),
        binding("b", "", "ClusterRole/view", "User:bob"),
      ],
    });
    expect(rulesFor(source, { name: "bob", groups: [] }, "")).toEqual({
      rules: [READ_PODS],
      errors: ['clusterrole.rbac.authorization.k8s.io "gone" not found'],
    });
  });
});

const AUTHENTICATED = ["Group:system:authenticated", "Group:system:unauthenticated"];

describe("whether a binding applies", () => {
  it.each([
    { name: "user", subjects: ["User:foobar"], user: "foobar" },
    { name: "second user", subjects: ["User:barfoo", "User:foobar"], user: "foobar" },
    { name: "no user", subjects: ["User:barfoo", "User:foobar"], user: "zimzam", not: true },
    {
      name: "group",
      subjects: ["User:barfoo", "Group:foobar"],
      user: "zimzam",
      groups: ["foobar"],
    },
    {
      name: "group in any namespace",
      subjects: ["User:barfoo", "Group:foobar"],
      user: "zimzam",
      groups: ["foobar"],
      namespace: "namespace1",
    },
    {
      name: "service account",
      subjects: ["User:barfoo", "Group:foobar", "ServiceAccount:kube-system/default"],
      user: "system:serviceaccount:kube-system:default",
      namespace: "default",
    },
    {
      name: "service account of the binding's namespace",
      subjects: ["ServiceAccount:/default"],
      user: "system:serviceaccount:shop:default",
      namespace: "shop",
    },
    {
      name: "service account of no namespace",
      subjects: ["ServiceAccount:/default"],
      user: "system:serviceaccount::default",
      not: true,
    },
    { name: "a star is no user", subjects: ["User:*"], user: "foobar", not: true },
    {
      name: "authenticated",
      subjects: AUTHENTICATED,
      user: "foobar",
      groups: ["system:authenticated"],
    },
    {
      name: "anonymous",
      subjects: AUTHENTICATED,
      user: "system:anonymous",
      groups: ["system:unauthenticated"],
    },
  ])("$name", ({ subjects, user, groups = [], namespace = "", not = false }) => {
    const found = subjectOf({ name: user, groups }, subjects.map(subject), namespace);
    expect(found === undefined).toBe(not);
  });
});
