// Constraints as Gatekeeper reads them: which objects they match, and the judge their template gives them.
// Mirrors gatekeeper pkg/mutation/match/match.go and pkg/drivers/k8scel/driver.go, v3.23.

import { isRecord } from "../../../../core/index.ts";
import {
  matchesLabels,
  labelRequirements,
  type Expressions,
  type AdmissionRequest,
  type KubernetesObject,
  type LabelSelector,
  type LiveObjects,
} from "../../../../kubernetes/index.ts";
import {
  compileRule,
  RULES,
  type Judge,
  type PolicyRule,
  type RuleSource,
} from "../../rules/index.ts";
import { CONSTRAINT_API, constraintKind, TEMPLATE } from "../template.ts";

interface Template extends KubernetesObject {
  readonly spec: {
    readonly crd: { readonly spec: { readonly names: { readonly kind: string } } };
    readonly targets: readonly {
      readonly code?: readonly { readonly engine: string; readonly source: unknown }[];
    }[];
  };
}

export interface Constraint extends KubernetesObject {
  readonly spec?: {
    readonly enforcementAction?: string;
    readonly match?: {
      readonly kinds?: readonly { readonly apiGroups: string[]; readonly kinds: string[] }[];
      readonly namespaceSelector?: LabelSelector;
      readonly excludedNamespaces?: readonly string[];
    };
    readonly parameters?: Readonly<Record<string, unknown>>;
  };
}

export interface Violation {
  readonly constraint: Constraint;
  readonly action: string;
  readonly message: string;
}

/** CEL, a rule of ours that stands in for its Rego, or nothing that could be evaluated here. */
export function codeOf(template: KubernetesObject): {
  readonly source?: RuleSource;
  readonly standsIn?: PolicyRule;
} {
  const { spec } = template as Template;
  const code = spec.targets.flatMap((target) => target.code ?? []);
  const native = code.find(({ engine }) => engine === "K8sNativeValidation")?.source;
  if (isRecord(native)) return { source: { variables: [], validations: [], ...native } };
  const standsIn = RULES.find((rule) => constraintKind(rule) === kindOf(template));
  return standsIn === undefined ? {} : { source: sourceOf(standsIn), standsIn };
}

function sourceOf({ variables, holds, message }: PolicyRule): RuleSource {
  return { variables, validations: [{ expression: holds, messageExpression: message }] };
}

export const kindOf = (template: KubernetesObject): string =>
  (template as Template).spec.crd.spec.names.kind;

const judges = new WeakMap<KubernetesObject, Judge>();

function judgeOf(expressions: Expressions, template: KubernetesObject): Judge | undefined {
  const known = judges.get(template);
  if (known !== undefined) return known;
  const { source } = codeOf(template);
  if (source === undefined) return undefined;
  const judge = compileRule(expressions, source);
  judges.set(template, judge);
  return judge;
}

/** What all constraints have to say about one object, in the order of their templates. */
export function violationsOf(expressions: Expressions, request: AdmissionRequest): Violation[] {
  const { live } = request;
  return live.list(TEMPLATE).flatMap((template) => {
    const judge = judgeOf(expressions, template);
    if (judge === undefined) return [];
    const constraints = live.list({ apiVersion: CONSTRAINT_API, kind: kindOf(template) });
    return constraints.flatMap((object) => {
      const constraint = object as Constraint;
      if (!matches(constraint, request)) return [];
      const { enforcementAction = "deny", parameters = {} } = constraint.spec ?? {};
      return ask(judge, template, request, parameters).map((message) => ({
        constraint,
        action: enforcementAction,
        message,
      }));
    });
  });
}

function ask(
  judge: Judge,
  template: KubernetesObject,
  request: AdmissionRequest,
  parameters: Readonly<Record<string, unknown>>,
): readonly string[] {
  const wanted = codeOf(template).standsIn?.reference;
  if (wanted === undefined) return judge({ request, parameters });
  const reference = request.live.get({ ...wanted, namespace: request.namespace });
  if (reference !== undefined) return judge({ request, parameters, reference });
  const { kind, name } = wanted;
  return [
    `${request.kind.kind} ${request.name}: the namespace has no ${kind} ${name} that covers every pod both ways`,
  ];
}

function matches({ spec }: Constraint, { kind, namespace, live }: AdmissionRequest): boolean {
  const { kinds = [], namespaceSelector, excludedNamespaces = [] } = spec?.match ?? {};
  const isMeant =
    kinds.length === 0 ||
    kinds.some((one) => includes(one.apiGroups, kind.group) && includes(one.kinds, kind.kind));
  if (!isMeant || excludedNamespaces.some((pattern) => isGlob(pattern, namespace))) return false;
  return namespaceSelector === undefined || selectsNamespace(namespaceSelector, namespace, live);
}

const includes = (items: readonly string[], wanted: string): boolean =>
  items.includes("*") || items.includes(wanted);

/** `kube-*` and `*-system`, as wildcard.go has it. */
function isGlob(pattern: string, text: string): boolean {
  if (pattern.startsWith("*")) return text.endsWith(pattern.slice(1));
  return pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : pattern === text;
}

function selectsNamespace(selector: LabelSelector, name: string, live: LiveObjects): boolean {
  const namespace = live.get({ apiVersion: "v1", kind: "Namespace", name });
  const labels = namespace?.metadata.labels ?? {};
  return matchesLabels(labelRequirements(selector), labels);
}
