// Cases transcribed from kubernetes pkg/apis/rbac/validation/validation_test.go @ 8f672ecf.

import { describe, expect, it } from "vitest";

import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import {
  validateBindingUpdate,
  validateClusterRole,
  validateClusterRoleBinding,
  validateRole,
  validateRoleBinding,
} from "./rbac.ts";

const GROUP = "rbac.authorization.k8s.io";
type Fields = Readonly<Record<string, unknown>>;

function object(fields: Fields): KubernetesObject {
  return { apiVersion: `${GROUP}/v1`, kind: "", metadata: { name: "n" }, ...fields };
}

const shown = (causes: readonly StatusCause[]): readonly string[] =>
  causes.map(({ field, message }) => `${field}: ${message}`);

const role = (...rules: readonly Fields[]) => object({ rules });
const REF = { apiGroup: GROUP, kind: "ClusterRole", name: "valid" };
const binding = (roleRef: Fields, ...subjects: readonly Fields[]) => object({ roleRef, subjects });
const PODS = { verbs: ["get"], apiGroups: [""], resources: ["pods"] };

describe("roles", () => {
  it.each([
    { name: "a valid one", rule: PODS, faults: [] },
    {
      name: "no verbs",
      rule: { ...PODS, verbs: [] },
      faults: ["rules[0].verbs: Required value: verbs must contain at least one value"],
    },
    {
      name: "no groups",
      rule: { ...PODS, apiGroups: [] },
      faults: [
        "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
      ],
    },
    {
      name: "no resources",
      rule: { ...PODS, resources: [] },
      faults: [
        "rules[0].resources: Required value: resource rules must supply at least one resource",
      ],
    },
    {
      name: "URLs in a namespace",
      rule: { verbs: ["get"], nonResourceURLs: ["/*"] },
      faults: [
        'rules[0].nonResourceURLs: Invalid value: ["/*"]: namespaced rules cannot apply to non-resource URLs',
      ],
    },
    {
      name: "URLs and resources in a namespace",
      rule: { ...PODS, nonResourceURLs: ["/*"] },
      faults: [
        'rules[0].nonResourceURLs: Invalid value: ["/*"]: namespaced rules cannot apply to non-resource URLs',
        'rules[0].nonResourceURLs: Invalid value: ["/*"]: rules cannot apply to both regular resources and non-resource URLs',
      ],
    },
  ])("$name", ({ rule, faults }) => {
    expect(shown(validateRole(role(rule)))).toEqual(faults);
  });

  it("of the cluster may be about URLs, and need selectors to gather", () => {
    const urls = role({ verbs: ["get"], nonResourceURLs: ["/*"] });
    expect(shown(validateClusterRole(urls))).toEqual([]);
    expect(shown(validateClusterRole({ ...urls, aggregationRule: {} }))).toEqual([
      "aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil",
    ]);
  });
});

describe("bindings", () => {
  const user = { kind: "User", apiGroup: GROUP, name: "validsaname" };
  const account = { kind: "ServiceAccount", namespace: "ns", name: "valid" };

  it.each([
    { name: "a valid one", of: binding(REF, user, account), faults: [] },
    {
      name: "a foreign group",
      of: binding({ ...REF, apiGroup: "rbac.GroupName" }, user),
      faults: [
        `roleRef.apiGroup: Unsupported value: "rbac.GroupName": supported values: "${GROUP}"`,
      ],
    },
    {
      name: "no role name",
      of: binding({ ...REF, name: "" }),
      faults: ["roleRef.name: Required value"],
    },
    {
      name: "a role name that is no path segment",
      of: binding({ ...REF, name: "../x" }),
      faults: [`roleRef.name: Invalid value: "../x": may not contain '/'`],
    },
    {
      name: "a service account with a group",
      of: binding(REF, { ...account, apiGroup: "foo" }),
      faults: ['subjects[0].apiGroup: Unsupported value: "foo": supported values: ""'],
    },
    {
      name: "a user without its group",
      of: binding(REF, { kind: "User", name: "bob" }),
      faults: [`subjects[0].apiGroup: Unsupported value: "": supported values: "${GROUP}"`],
    },
    {
      name: "a bad service account name",
      of: binding(REF, { ...account, name: "subject:bad" }),
      faults: [expect.stringContaining("subjects[0].name: Invalid value: ") as string],
    },
    {
      name: "no subject name",
      of: binding(REF, { ...account, name: "" }),
      faults: ["subjects[0].name: Required value"],
    },
    {
      name: "an unknown kind",
      of: binding(REF, { kind: "Node", name: "n" }),
      faults: [
        'subjects[0].kind: Unsupported value: "Node": supported values: "ServiceAccount", "User", "Group"',
      ],
    },
  ])("$name", ({ of, faults }) => {
    expect(shown(validateRoleBinding(of))).toEqual(faults);
  });

  it("of the cluster name cluster roles, and namespaces of accounts", () => {
    const { namespace: _namespace, ...homeless } = account;
    expect(shown(validateClusterRoleBinding(binding({ ...REF, kind: "Role" }, homeless)))).toEqual([
      'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
      "subjects[0].namespace: Required value",
    ]);
  });

  it("keep their role", () => {
    const old = binding(REF);
    expect(validateBindingUpdate(binding(REF, user), old)).toEqual([]);
    expect(shown(validateBindingUpdate(binding({ ...REF, name: "changed" }), old))).toEqual([
      `roleRef: Invalid value: {"APIGroup":"${GROUP}","Kind":"ClusterRole","Name":"changed"}: cannot change roleRef`,
    ]);
  });
});
