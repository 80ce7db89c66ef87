// Asks one rule about one object, with the expressions really evaluated: what the verifier does with everything that is emitted, and
// what Gatekeeper's webhook does in an embedded cluster.

import type {
  AdmissionRequest,
  Expressions,
  KindFacts,
  KubernetesObject,
} from "../../../kubernetes/index.ts";
import type { NamedExpression } from "./rule.ts";

/** The expressions of a rule, wherever they were written down. */
export interface RuleSource {
  readonly variables: readonly NamedExpression[];
  readonly validations: readonly {
    readonly expression: string;
    readonly messageExpression?: string;
    readonly message?: string;
  }[];
}

export interface Question {
  readonly request: AdmissionRequest;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What the rule's reference found; `params` of the expressions. */
  readonly reference?: KubernetesObject;
}

/** Texts of the refusals; none when the rule holds. A fault of the expression refuses, as `failurePolicy: Fail` has it. */
export type Judge = (question: Question) => readonly string[];

/** As gatekeeper pkg/drivers/k8scel/transform/cel_snippets.go binds parameters: `variables.params`, the object in `params`. */
const PARAMS: NamedExpression = { name: "params", expression: "params.parameters" };

export function compileRule(expressions: Expressions, source: RuleSource): Judge {
  const compiler = expressions.createPolicyCompiler({
    hasParams: true,
    composes: true,
    mutates: false,
  });
  for (const { name, expression } of [PARAMS, ...source.variables]) {
    compiler.addVariable(name, expression);
  }
  const validations = source.validations.map(
    ({ expression, messageExpression, message = `failed expression: ${expression}` }) => ({
      holds: compiler.compile(expression, "bool"),
      text:
        messageExpression === undefined
          ? undefined
          : compiler.compile(messageExpression, "string", false),
      message,
    }),
  );
  return ({ request, parameters, reference }) => {
    const params = { ...(reference ?? NOTHING), parameters };
    const scope = expressions.admissionScope(matched(request), params, compiler.variables);
    return validations.flatMap(({ holds, text, message }) => {
      try {
        if (scope.evaluate(holds) === true) return [];
        const said = text === undefined ? message : scope.evaluate(text);
        return [typeof said === "string" ? said : message];
      } catch (error) {
        if (!(error instanceof expressions.ExpressionFailure)) throw error;
        return [error.message];
      }
    });
  };
}

const NOTHING: KubernetesObject = { apiVersion: "v1", kind: "None", metadata: { name: "" } };

function matched(request: AdmissionRequest): Parameters<Expressions["admissionScope"]>[0] {
  const { object, oldObject, kind } = request;
  return {
    request,
    version: kind.version,
    object,
    oldObject,
    namespaceObject: undefined,
    // Rules ask nobody's rights.
    authorize: () => ({ decision: "deny", reason: "" }),
  };
}

/** As if the delivery engine created the object now. */
export function creationOf(object: KubernetesObject, facts: KindFacts): AdmissionRequest {
  const { name, namespace = "" } = object.metadata;
  return {
    operation: "CREATE",
    facts,
    kind: { group: facts.group, version: facts.version, kind: facts.kind },
    subresource: "",
    namespace,
    name,
    user: { name: "keelson", groups: [] },
    dryRun: true,
    options: {},
    object,
    oldObject: undefined,
    live: { get: () => undefined, list: () => [] },
    isReinvocation: false,
    reinvoke: () => undefined,
    warn: () => undefined,
    annotate: () => undefined,
  };
}
