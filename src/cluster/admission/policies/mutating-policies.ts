// MutatingAdmissionPolicy: changes objects by apply configurations and JSON patches that expressions build. Mirrors apiserver
// pkg/admission/plugin/policy/mutating/dispatcher.go.

import { deepEqual } from "../../../core/index.ts";
import type {
  AdmissionPlugin,
  AdmissionRequest,
  Expressions,
  KubernetesObject,
  StatusCause,
} from "../../../kubernetes/index.ts";
import {
  admissionForbidden,
  applyJsonPatch,
  JsonPatchError,
  loadExpressions,
  StatusError,
} from "../../../kubernetes/index.ts";
import { applyConfiguration, AtomicPartError } from "./apply-configuration.ts";
import { compileMutatingPolicy, type CompiledMutatingPolicy } from "./compile-policy.ts";
import { isExempt } from "./match-resources.ts";
import { matchConditions } from "./match-conditions.ts";
import { type Invocation, invocationsOf, matchedRequest, type Met } from "./policy-invocations.ts";
import { type MutatingSpec, specOf } from "./policy-objects.ts";
import type { PolicyServer } from "./policy-server.ts";
import { createReinvocations, type Reinvocation } from "./reinvocation.ts";

const KINDS = { policy: "MutatingAdmissionPolicy", binding: "MutatingAdmissionPolicyBinding" };

export function mutatingPolicies(server: PolicyServer): AdmissionPlugin {
  const reinvocations = createReinvocations();
  return {
    name: "MutatingAdmissionPolicy",
    handles: (subject) => !isExempt(subject),
    mutate(request) {
      if (request.object === undefined) return undefined;
      const met = invocationsOf(request, server, KINDS);
      if (met.length === 0) return undefined;
      return mutate({ request, server, faults: [], reinvocation: reinvocations(request) }, met);
    },
  };
}

interface Mutating {
  readonly request: AdmissionRequest;
  readonly server: PolicyServer;
  readonly faults: string[];
  readonly reinvocation: Reinvocation;
}

async function mutate(mutating: Mutating, met: readonly Met[]): Promise<KubernetesObject> {
  const { request, faults, reinvocation } = mutating;
  const expressions = await loadExpressions();
  let object = request.object as KubernetesObject;
  for (const one of met) {
    if ("message" in one) note(mutating, one, one.message);
    else object = invoke(mutating, expressions, one, object);
  }
  reinvocation.end(object);
  if (faults.length > 0) throw refusal(request, faults);
  return object;
}

/** A fault of a policy refuses the request, unless its failure policy ignores it. */
function note({ faults }: Mutating, { policy, binding }: Met, why: string): void {
  if (specOf<MutatingSpec>(policy).failurePolicy === "Ignore") return;
  const through = binding === undefined ? "" : ` with binding '${binding.metadata.name}'`;
  faults.push(`policy '${policy.metadata.name}'${through} denied request: ${why}`);
}

function invoke(
  mutating: Mutating,
  expressions: Expressions,
  invocation: Invocation,
  object: KubernetesObject,
): KubernetesObject {
  const { request, server, reinvocation } = mutating;
  const { policy, binding, params } = invocation;
  const compiled = compileMutatingPolicy(expressions, policy);
  const scopeFor = (state: KubernetesObject): ReturnType<Expressions["admissionScope"]> => {
    const matched = matchedRequest({ ...request, object: state }, invocation.match, server);
    return expressions.admissionScope(matched, params, compiled.variables);
  };
  const verdict = matchConditions(expressions, scopeFor(object), compiled.conditions);
  if (verdict.failed !== undefined) note(mutating, invocation, verdict.failed);
  if (!verdict.matches) return object;
  const named = params === undefined ? "" : `${params.metadata.namespace}/${params.metadata.name}`;
  const key = `${policy.metadata.name} ${binding.metadata.name} ${named}`;
  if (!reinvocation.mayRun(key)) return object;
  let next = object;
  for (const mutation of compiled.mutations) {
    try {
      next = patched(expressions, mutation, scopeFor(next), next, mutating, invocation);
    } catch (error) {
      const why = faultText(expressions, error);
      if (why === undefined) throw error;
      note(mutating, invocation, why);
    }
  }
  const again = specOf<MutatingSpec>(policy).reinvocationPolicy === "IfNeeded";
  reinvocation.ran(key, { changed: next !== object, again });
  return next;
}

/** What the server says; undefined for a bug. */
function faultText(
  { ExpressionFailure, CelError }: Expressions,
  error: unknown,
): string | undefined {
  if (error instanceof ExpressionFailure || error instanceof CelError) return error.message;
  if (error instanceof AtomicPartError) return error.message;
  return error instanceof JsonPatchError ? `JSON Patch: ${error.message}` : undefined;
}

function patched(
  { appliedConfiguration, patchOperations }: Expressions,
  { patchType, expression }: CompiledMutatingPolicy["mutations"][number],
  scope: ReturnType<Expressions["admissionScope"]>,
  object: KubernetesObject,
  { server, request }: Mutating,
  { match }: Invocation,
): KubernetesObject {
  const value = scope.evaluate(expression);
  const seen = match.served?.convert(object) ?? object;
  const changed =
    patchType === "JSONPatch"
      ? jsonPatched(seen, patchOperations(value))
      : applyConfiguration(seen, appliedConfiguration(value), server.schema(seen));
  if (deepEqual(changed, seen)) return object;
  return server.admitted(changed, request, object);
}

/** A failed `test` leaves the object alone. */
function jsonPatched(
  object: KubernetesObject,
  operations: readonly Readonly<Record<string, unknown>>[],
): KubernetesObject {
  try {
    return applyJsonPatch(object, operations) as KubernetesObject;
  } catch (error) {
    if (error instanceof JsonPatchError && error.message.startsWith("test")) return object;
    throw error;
  }
}

function refusal(request: AdmissionRequest, faults: readonly string[]): StatusError {
  const causes = faults.map((message): StatusCause => ({ message }));
  const { status } = admissionForbidden(request, "admission request denied by policy", causes);
  return new StatusError({ ...status, message: faults[0] ?? "", reason: "Invalid" });
}
