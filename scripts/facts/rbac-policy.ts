// The published bootstrap policy → one line per role, rule and binding. What a distributor has added is left out.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

import { isRecord } from "../../src/core/index.ts";

type Item = Readonly<Record<string, unknown>>;

/** Rules and bindings of a distributor, which no other cluster has. */
const OF_A_DISTRIBUTOR = ["system:openshift:", "system:controller:service-ca-cert-publisher"];

const AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-";

export interface PolicyTable {
  readonly roles: readonly string[];
  readonly bindings: readonly string[];
}

export function policyTable(folder: string): PolicyTable {
  const read = (name: string): readonly Item[] => itemsOf(join(folder, `${name}.yaml`));
  const roles = ["cluster-roles", "controller-roles", "namespace-roles"].flatMap(read);
  const bindings = [
    "cluster-role-bindings",
    "controller-role-bindings",
    "namespace-role-bindings",
  ].flatMap(read);
  return { roles: roles.flatMap(roleLines), bindings: bindings.map(bindingLine) };
}

function itemsOf(path: string): readonly Item[] {
  const list: unknown = parse(readFileSync(path, "utf8"));
  return recordsAt(isRecord(list) ? list : {}, "items").filter((item) => {
    const name = fullName(item).split("/").at(-1) ?? "";
    return !OF_A_DISTRIBUTOR.some((prefix) => name.startsWith(prefix));
  });
}

/** `[namespace/]name[ >role it aggregates to][ <role it gathers]`, then its rules, indented. */
function roleLines(role: Item): readonly string[] {
  const metadata = recordAt(role, "metadata");
  const to = aggregations(recordAt(metadata, "labels")).map((name) => ` >${name}`);
  const from = recordsAt(recordAt(role, "aggregationRule"), "clusterRoleSelectors")
    .flatMap((selector) => aggregations(recordAt(selector, "matchLabels")))
    .map((name) => ` <${name}`);
  return [
    fullName(role) + [...to, ...from].join(""),
    ...recordsAt(role, "rules").map((rule) => ` ${ruleText(rule)}`),
  ];
}

/** `verbs groups resources[ names]`, or `verbs urls`; commas between the items, a dash for the core group. */
function ruleText(rule: Item): string {
  const list = (field: string): string => textsAt(rule, field).join(",");
  if (textsAt(rule, "nonResourceURLs").length > 0)
    return `${list("verbs")} ${list("nonResourceURLs")}`;
  const groups = textsAt(rule, "apiGroups").map((group) => (group === "" ? "-" : group));
  const names = textsAt(rule, "resourceNames").length === 0 ? "" : ` ${list("resourceNames")}`;
  return `${list("verbs")} ${groups.join(",")} ${list("resources")}${names}`;
}

/** `[namespace/]name Kind/role`, then its subjects: `User:name`, `Group:name`, `ServiceAccount:namespace/name`. */
function bindingLine(binding: Item): string {
  const ref = recordAt(binding, "roleRef");
  const subjects = recordsAt(binding, "subjects").map((subject) => {
    const full = [subject["namespace"], subject["name"]].filter(isText);
    return [subject["kind"], full.join("/")].filter(isText).join(":");
  });
  const role = [ref["kind"], ref["name"]].filter(isText).join("/");
  return [fullName(binding), role, ...subjects].join(" ");
}

function fullName(item: Item): string {
  const metadata = recordAt(item, "metadata");
  return [metadata["namespace"], metadata["name"]].filter(isText).join("/");
}

function aggregations(labels: Item): readonly string[] {
  return Object.keys(labels)
    .filter((key) => key.startsWith(AGGREGATE))
    .map((key) => key.slice(AGGREGATE.length));
}

function recordAt(item: Item, field: string): Item {
  const value = item[field];
  return isRecord(value) ? value : {};
}

function recordsAt(item: Item, field: string): readonly Item[] {
  const value = item[field];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function textsAt(item: Item, field: string): readonly string[] {
  const value = item[field];
  return Array.isArray(value) ? value.map(String) : [];
}
