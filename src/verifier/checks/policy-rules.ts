// What the platform asks of everybody's objects holds for its own: every rule is evaluated over everything that is emitted into the
// namespaces the rules are for, before any cluster refuses it.

import type { Diagnostic } from "../../core/index.ts";
import { defineDiagnostic, invariant } from "../../core/index.ts";
import { compileRule, creationOf, isSubject, rulesOf } from "../../components/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import type { Check, SeenObject, TargetView } from "../target-view.ts";

export const brokenRule = defineDiagnostic<{
  readonly rule: string;
  readonly title: string;
  readonly message: string;
}>({
  code: "verify/broken-rule",
  severity: "error",
  message: ({ rule, message }) => `the rule ${rule} would refuse ${message}`,
  hint: ({ title }) => `it says: ${title}; change the object, or the rule under policy.rules`,
});

export const checkPolicyRules: Check = function* (view) {
  const { expressions, cluster } = view;
  const rules = rulesOf(cluster);
  if (rules.length === 0) return;
  invariant(expressions, "rules are loaded for a platform that has some");
  for (const { rule, parameters, except } of rules) {
    const { name, title, variables, holds, message, reference } = rule;
    const judge = compileRule(expressions, {
      variables,
      validations: [{ expression: holds, messageExpression: message }],
    });
    for (const { object, path } of subjectsOf(view, rule.subjects, except)) {
      const facts = view.kinds.find(object.apiVersion, object.kind);
      if (facts === undefined) continue;
      const found = reference && view.find(reference.kind, reference.name, namespaceOf(object));
      if (reference !== undefined && found === undefined) {
        yield missing(path, rule, object);
        continue;
      }
      const question = { request: creationOf(object, facts), parameters };
      const texts = judge(
        found === undefined ? question : { ...question, reference: found.object },
      );
      for (const text of texts) yield brokenRule(path, { rule: name, title, message: text });
    }
  }
};

type Rule = ReturnType<typeof rulesOf>[number]["rule"];

function missing(path: SeenObject["path"], rule: Rule, object: KubernetesObject): Diagnostic {
  const { name, title, reference } = rule;
  const where = `${object.kind} ${object.metadata.name}`;
  const message = `${where}: its namespace has no ${reference?.kind} ${reference?.name}`;
  return brokenRule(path, { rule: name, title, message });
}

const namespaceOf = ({ metadata }: KubernetesObject): string => metadata.namespace ?? "";

/** Our own objects in app namespaces; how many each rule was asked about is what the proof counts. */
export function subjectsOf(
  { cluster, objects }: TargetView,
  subjects: Rule["subjects"],
  except: readonly string[],
): SeenObject[] {
  const meant = new Set(
    cluster.namespaces
      .filter(({ name, tenancy }) => tenancy === "app" && !except.includes(name))
      .map(({ name }) => name),
  );
  return objects
    .filter(({ object }) => isSubject(subjects, object) && meant.has(namespaceOf(object)))
    .map((compiled) => ({ object: compiled.object, path: compiled.origin.path, compiled }));
}
