// Checks the expressions of every ValidatingAdmissionPolicy against the kinds it names, and says in its status what it found.
// Mirrors pkg/controller/validatingadmissionpolicystatus and the choice of types in apiserver validating/typechecking.go.

import { informerOf, loadExpressions } from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  ControllerFactory,
  KindFacts,
  KindToken,
  KubernetesObject,
} from "../../kubernetes/index.ts";

/** What is served, as the API's registry knows it. */
export interface ServedKinds {
  byPath(group: string, version: string, resource: string): KindFacts | undefined;
  byKind(apiVersion: string, kind: string): KindFacts | undefined;
}

interface ResourceRule {
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly resources?: readonly string[];
}

interface Policy extends KubernetesObject {
  readonly spec?: {
    readonly paramKind?: { readonly apiVersion: string; readonly kind: string };
    readonly matchConstraints?: { readonly resourceRules?: readonly ResourceRule[] };
    readonly variables?: readonly { readonly name: string; readonly expression: string }[];
    readonly validations?: readonly {
      readonly expression: string;
      readonly messageExpression?: string;
    }[];
  };
  readonly status?: { readonly observedGeneration?: number };
}

const POLICY: KindToken<Policy> = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicy",
};
const NAME = "validatingadmissionpolicy-status";
/** `maxTypesToCheck` */
const TYPES_MAX = 10;

export function policyTypeChecking(served: ServedKinds): ControllerFactory {
  return (context) => createController(context, served);
}

function createController(context: ControllerContext, served: ServedKinds): Controller {
  const policies = informerOf(context, POLICY);
  return {
    name: NAME,
    setup(enqueue) {
      policies.onChange((current) => current && enqueue(current.metadata.name));
    },
    async reconcile(name) {
      const policy = policies.get(name);
      if (policy === undefined) return;
      const { generation = 1 } = policy.metadata;
      if (generation <= (policy.status?.observedGeneration ?? 0)) return;
      const warnings = await check(policy, served);
      const typeChecking = warnings.length === 0 ? {} : { expressionWarnings: warnings };
      const { apiVersion, kind } = POLICY;
      const status = { observedGeneration: generation, typeChecking };
      await context.api.apply(
        { apiVersion, kind, metadata: { name }, status },
        { fieldManager: NAME, force: true, subresource: "status" },
      );
    },
  };
}

async function check({ spec = {} }: Policy, served: ServedKinds) {
  const { variables = [], validations = [], paramKind } = spec;
  const kinds = kindsToCheck(spec.matchConstraints?.resourceRules ?? [], served);
  const params = paramKind && served.byKind(paramKind.apiVersion, paramKind.kind);
  const { typeWarnings } = await loadExpressions();
  return typeWarnings(
    { variables, validations, hasParams: paramKind !== undefined },
    kinds,
    params,
  );
}

/** Rules with wildcards are left out, and so are subresources. */
function kindsToCheck(rules: readonly ResourceRule[], served: ServedKinds): readonly KindFacts[] {
  const found = new Map<string, KindFacts>();
  for (const { apiGroups = [], apiVersions = [], resources = [] } of rules) {
    if ([...apiGroups, ...apiVersions].some((one) => one.includes("*"))) continue;
    const named = resources.filter((one) => !/[*/]/.test(one)).toSorted();
    for (const group of apiGroups.toSorted()) {
      for (const version of apiVersions.toSorted()) {
        for (const facts of named.flatMap((one) => served.byPath(group, version, one) ?? [])) {
          if (found.size < TYPES_MAX) found.set(sortKey(facts), facts);
        }
      }
    }
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, facts]) => facts);
}

const sortKey = ({ group, version, kind }: KindFacts): string => `${group}\n${version}\n${kind}`;
