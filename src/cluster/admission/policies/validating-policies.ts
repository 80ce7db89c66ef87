// ValidatingAdmissionPolicy: refuses, warns or notes what its validations find. Mirrors apiserver
// pkg/admission/plugin/policy/validating/{dispatcher,validator}.go.

import type {
  AdmissionPlugin,
  AdmissionRequest,
  Expressions,
  KubernetesObject,
} from "../../../kubernetes/index.ts";
import { admissionForbidden, loadExpressions, StatusError } from "../../../kubernetes/index.ts";
import { compileValidatingPolicy } from "./compile-policy.ts";
import { isExempt } from "./match-resources.ts";
import { matchConditions } from "./match-conditions.ts";
import { type Invocation, invocationsOf, matchedRequest, type Met } from "./policy-invocations.ts";
import { type BindingSpec, specOf, type ValidatingSpec } from "./policy-objects.ts";
import type { PolicyServer } from "./policy-server.ts";

const KINDS = { policy: "ValidatingAdmissionPolicy", binding: "ValidatingAdmissionPolicyBinding" };
const ANNOTATION = "validation.policy.admission.k8s.io/validation_failure";
const MESSAGE_MAX = 5 * 1024;
const ANNOTATION_MAX = 10 * 1024;
const FAILURES_MAX = 50;

export function validatingPolicies(server: PolicyServer): AdmissionPlugin {
  return {
    name: "ValidatingAdmissionPolicy",
    handles: (subject) => !isExempt(subject),
    validate(request) {
      const met = invocationsOf(request, server, KINDS);
      return met.length === 0 ? undefined : judge(request, server, met);
    },
  };
}

/** What one invocation came to. */
interface Finding {
  readonly message: string;
  readonly reason: string;
  /** Which validation; decides nothing, but audit annotations name it. */
  readonly index: number;
  /** Refuses whatever the binding's actions are: the policy itself has a fault. */
  readonly isFault?: boolean;
}

interface Judgement {
  readonly request: AdmissionRequest;
  readonly denials: { readonly met: Met; readonly finding: Finding }[];
  readonly failures: Readonly<Record<string, unknown>>[];
  /** Audit annotations by policy and key; bindings and parameters may add several values. */
  readonly annotations: Map<string, Set<string>>;
}

async function judge(
  request: AdmissionRequest,
  server: PolicyServer,
  met: readonly Met[],
): Promise<void> {
  const expressions = await loadExpressions();
  const judgement: Judgement = { request, denials: [], failures: [], annotations: new Map() };
  for (const one of met) {
    if ("message" in one) {
      if (failsClosed(one.policy)) {
        const finding = { message: one.message, reason: "Invalid", index: 0 };
        judgement.denials.push({ met: one, finding });
      }
      continue;
    }
    for (const finding of findingsOf(judgement, expressions, server, one)) {
      act(judgement, one, finding);
    }
  }
  publish(judgement);
  const [first] = judgement.denials;
  if (first !== undefined) throw refusal(request, first.met, first.finding);
}

function failsClosed(policy: KubernetesObject): boolean {
  return specOf<ValidatingSpec>(policy).failurePolicy !== "Ignore";
}

function findingsOf(
  judgement: Judgement,
  expressions: Expressions,
  server: PolicyServer,
  invocation: Invocation,
): readonly Finding[] {
  const { policy, match, params } = invocation;
  const compiled = compileValidatingPolicy(expressions, policy);
  const matched = matchedRequest(judgement.request, match, server);
  const scope = expressions.admissionScope(matched, params, compiled.variables);
  const verdict = matchConditions(expressions, scope, compiled.conditions);
  const closed = failsClosed(policy);
  if (verdict.failed !== undefined) {
    return closed ? [{ message: verdict.failed, reason: "Invalid", index: 0 }] : [];
  }
  if (!verdict.matches) return [];
  const findings = compiled.validations.flatMap((_, index) => {
    const finding = validate(expressions, scope, compiled, policy, index);
    return finding === undefined ? [] : [finding];
  });
  return [...findings, ...annotate(judgement, expressions, scope, compiled, policy)];
}

type Scope = ReturnType<Expressions["admissionScope"]>;
type Compiled = ReturnType<typeof compileValidatingPolicy>;

function validate(
  { ExpressionFailure }: Expressions,
  scope: Scope,
  compiled: Compiled,
  policy: KubernetesObject,
  index: number,
): Finding | undefined {
  const { expression } = compiled.validations[index] as Compiled["validations"][number];
  const { reason = "Invalid" } = specOf<ValidatingSpec>(policy).validations?.[index] ?? {};
  try {
    if (scope.evaluate(expression) === true) return undefined;
  } catch (error) {
    if (!(error instanceof ExpressionFailure)) throw error;
    if (!failsClosed(policy)) return undefined;
    return { message: error.message, reason: "Invalid", index };
  }
  return { message: messageOf(ExpressionFailure, scope, compiled, policy, index), reason, index };
}

/** The message expression, the message, the expression itself: the first that says something. */
function messageOf(
  failure: Expressions["ExpressionFailure"],
  scope: Scope,
  compiled: Compiled,
  policy: KubernetesObject,
  index: number,
): string {
  const { messageExpression } = compiled.validations[index] as Compiled["validations"][number];
  const validation = specOf<ValidatingSpec>(policy).validations?.[index];
  if (messageExpression !== undefined) {
    try {
      const text = scope.evaluate(messageExpression);
      const trimmed = typeof text === "string" ? text.trim() : "";
      if (trimmed !== "" && trimmed.length <= MESSAGE_MAX && !trimmed.includes("\n"))
        return trimmed;
    } catch (error) {
      if (!(error instanceof failure)) throw error;
    }
  }
  const message = validation?.message?.trim() ?? "";
  return message === "" ? `failed expression: ${validation?.expression.trim()}` : message;
}

function annotate(
  { annotations }: Judgement,
  { ExpressionFailure }: Expressions,
  scope: Scope,
  { auditAnnotations }: Compiled,
  policy: KubernetesObject,
): readonly Finding[] {
  const faults: Finding[] = [];
  for (const { key, value } of auditAnnotations) {
    try {
      const text = scope.evaluate(value);
      if (typeof text !== "string" || text.trim() === "") continue;
      const name = `${policy.metadata.name}/${key}`;
      const known = annotations.get(name) ?? new Set();
      annotations.set(name, known.add(text.trim().slice(0, ANNOTATION_MAX)));
    } catch (error) {
      if (!(error instanceof ExpressionFailure)) throw error;
      if (!failsClosed(policy)) continue;
      faults.push({ message: error.message, reason: "Invalid", index: 0, isFault: true });
    }
  }
  return faults;
}

function act({ request, denials, failures }: Judgement, met: Invocation, finding: Finding): void {
  const { policy, binding } = met;
  const { validationActions = [], policyName } = specOf<BindingSpec>(binding);
  if (finding.isFault === true) {
    denials.push({ met, finding });
    return;
  }
  for (const action of validationActions) {
    if (action === "Deny") denials.push({ met, finding });
    if (action === "Warn") {
      request.warn(
        `Validation failed for ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding.metadata.name}': ${finding.message}`,
      );
    }
    if (action === "Audit") {
      failures.push({
        message: finding.message,
        policy: policyName,
        binding: binding.metadata.name,
        expressionIndex: finding.index,
        validationActions,
      });
    }
  }
}

function publish({ request, failures, annotations }: Judgement): void {
  for (const [key, values] of annotations) request.annotate(key, [...values].join(", "));
  if (failures.length === 0) return;
  request.annotate(ANNOTATION, JSON.stringify(failures.slice(0, FAILURES_MAX)));
}

const CODES: Readonly<Record<string, number>> = {
  Forbidden: 403,
  Unauthorized: 401,
  RequestEntityTooLarge: 413,
};

function refusal(request: AdmissionRequest, met: Met, { message, reason }: Finding): StatusError {
  const through = met.binding === undefined ? "" : ` with binding '${met.binding.metadata.name}'`;
  const text = `ValidatingAdmissionPolicy '${met.policy.metadata.name}'${through} denied request: ${message}`;
  const { status } = admissionForbidden(request, text, [{ message: text }]);
  // Validation of the policy allows no other reasons than the server's own.
  const given = reason as NonNullable<typeof status.reason>;
  return new StatusError({ ...status, reason: given, code: CODES[reason] ?? 422 });
}
