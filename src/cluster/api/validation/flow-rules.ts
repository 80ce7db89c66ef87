// Whom and what a flow schema is about. Mirrors ValidateFlowSchemaPolicyRulesWithSubjects of kubernetes
// pkg/apis/flowcontrol/validation/validation.go @v1.36.

import type { StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { recordAt, recordsAt, textAt } from "./fields.ts";
import { nameFaults, validateName } from "./names.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const ALL = "*";
const VERBS = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "proxy",
  "update",
  "watch",
];
const SUBJECT_KINDS = ["Group", "ServiceAccount", "User"];

export function validateFlowRule(field: string, rule: Scope): Causes {
  const subjects = recordsAt(rule, "subjects");
  const resources = recordsAt(rule, "resourceRules");
  const others = recordsAt(rule, "nonResourceRules");
  const each = (list: string, items: readonly Scope[], check: typeof validateSubject): Causes =>
    items.flatMap((item, index) => check(`${field}.${list}[${index}]`, item));
  const empty = "at least one of resourceRules and nonResourceRules has to be non-empty";
  return [
    ...(subjects.length === 0
      ? [requiredField(`${field}.subjects`, "subjects must contain at least one value")]
      : each("subjects", subjects, validateSubject)),
    ...(resources.length + others.length === 0 ? [requiredField(field, empty)] : []),
    ...each("resourceRules", resources, validateResourceRule),
    ...each("nonResourceRules", others, validateNonResourceRule),
  ];
}

/** Field → the kind it belongs to, in the order in which others are refused. */
const SUBJECT_FIELDS = { serviceAccount: "ServiceAccount", user: "User", group: "Group" };

function validateSubject(field: string, subject: Scope): Causes {
  const kind = textAt(subject, "kind");
  if (!SUBJECT_KINDS.includes(kind)) {
    return [unsupportedField(`${field}.kind`, kind, SUBJECT_KINDS)];
  }
  const fields = Object.entries(SUBJECT_FIELDS);
  const own = fields.filter(([, wanted]) => wanted === kind);
  const barred = fields.filter(([name, wanted]) => wanted !== kind && subject[name] !== undefined);
  return [
    ...own.flatMap(([name]) => validateNamed(field, name, kind, subject)),
    ...barred.map(([name, wanted]) =>
      forbiddenField(
        `${field}.${name}`,
        `${name} is forbidden when subject kind is not '${wanted}'`,
      ),
    ),
  ];
}

function validateNamed(outer: string, part: string, kind: string, subject: Scope): Causes {
  const field = `${outer}.${part}`;
  if (subject[part] === undefined) {
    return [requiredField(field, `${part} is required when subject kind is '${kind}'`)];
  }
  const name = textAt(recordAt(subject, part), "name");
  const isAccount = kind === "ServiceAccount";
  return [
    ...(name === "" ? [requiredField(`${field}.name`)] : []),
    ...(isAccount && name !== "" && name !== ALL
      ? validateName(`${field}.name`, name, "subdomain")
      : []),
    ...(isAccount ? validateHome(field, textAt(recordAt(subject, part), "namespace")) : []),
  ];
}

function validateHome(field: string, namespace: string): Causes {
  const at = `${field}.namespace`;
  if (namespace !== "") return validateName(at, namespace, "label");
  return [requiredField(at, "must specify namespace for service account")];
}

function validateResourceRule(field: string, rule: Scope): Causes {
  return [
    ...validateVerbs(`${field}.verbs`, textsOf(rule, "verbs")),
    ...allOrSome(`${field}.apiGroups`, textsOf(rule, "apiGroups"), "api group"),
    ...allOrSome(`${field}.resources`, textsOf(rule, "resources"), "resource"),
    ...validateNamespaces(
      `${field}.namespaces`,
      textsOf(rule, "namespaces"),
      rule["clusterScope"] === true,
    ),
  ];
}

function allOrSome(field: string, texts: readonly string[], what: string): Causes {
  if (texts.length === 0) {
    return [requiredField(field, `resource rules must supply at least one ${what}`)];
  }
  return aloneFaults(field, texts, `${what}s`);
}

function aloneFaults(field: string, texts: readonly string[], others: string): Causes {
  if (texts.length === 1 || !texts.includes(ALL)) return [];
  return [invalidField(field, texts, `if '*' is present, must not specify other ${others}`)];
}

function validateNamespaces(
  field: string,
  namespaces: readonly string[],
  isClusterWide: boolean,
): Causes {
  if (namespaces.length === 0 && !isClusterWide) {
    const why = "resource rules that are not cluster scoped must supply at least one namespace";
    return [requiredField(field, why)];
  }
  if (namespaces.includes(ALL)) return aloneFaults(field, namespaces, "namespaces");
  const intro = "each member of this list must be '*' or a DNS-1123 label; ";
  return namespaces.flatMap((name, index) =>
    nameFaults(name, "label").map((fault) =>
      invalidField(`${field}[${index}]`, name, intro + fault),
    ),
  );
}

function validateNonResourceRule(field: string, rule: Scope): Causes {
  const urls = textsOf(rule, "nonResourceURLs");
  const at = `${field}.nonResourceURLs`;
  return [
    ...validateVerbs(`${field}.verbs`, textsOf(rule, "verbs")),
    ...(urls.length === 0
      ? [requiredField(at, "nonResourceURLs must contain at least one value")]
      : []),
    ...(urls.includes(ALL)
      ? aloneFaults(at, urls, "non-resource URLs")
      : urls.flatMap((url, index) => validateUrl(`${at}[${index}]`, url))),
  ];
}

function validateVerbs(field: string, verbs: readonly string[]): Causes {
  if (verbs.length === 0) return [requiredField(field, "verbs must contain at least one value")];
  if (verbs.includes(ALL)) return aloneFaults(field, verbs, "verbs");
  const isKnown = verbs.every((verb) => VERBS.includes(verb));
  return isKnown ? [] : [unsupportedField(field, verbs, VERBS)];
}

function validateUrl(field: string, url: string): Causes {
  const fault = urlFault(url);
  return fault === undefined ? [] : [invalidField(field, url, fault)];
}

function urlFault(url: string): string | undefined {
  if (url === "") return "must not be empty";
  if (!url.startsWith("/")) return "must start with slash";
  if (url.includes(" ")) return "must not contain white-space";
  if (url.includes("//")) return "must not contain double slash";
  const isSuffix = url.indexOf(ALL) === url.length - 1 && url.endsWith("/*");
  return !url.includes(ALL) || isSuffix ? undefined : "wildcard can only do suffix matching";
}

function textsOf(rule: Scope, field: string): readonly string[] {
  const value = rule[field];
  return Array.isArray(value) ? value.map(String) : [];
}
