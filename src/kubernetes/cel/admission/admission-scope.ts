// What the variables of an admission expression stand for during one request, and how a policy's own variables come to their values:
// when an expression asks, and once (apiserver pkg/admission/plugin/cel/{activation,composition}.go).

import type { AdmissionRequest } from "../../admission.ts";
import type { Authorizer } from "../../authorization.ts";
import type { KubernetesObject } from "../../object.ts";
import { COST_BUDGET, COST_PER_CALL, Evaluation } from "../evaluate/evaluation.ts";
import { CelAuthorizer, ResourceCheck } from "../library/authorizer.ts";
import { fromJson, recordValue } from "../values/from-json.ts";
import { CelCostError, CelError, CelMap, type CelValue } from "../values/value.ts";
import type { PolicyExpression, PolicyVariable } from "./policy-compiler.ts";

/** The request as the policy matched it: in another version of the kind, perhaps. */
export interface MatchedRequest {
  readonly request: AdmissionRequest;
  readonly version: string;
  readonly object: KubernetesObject | undefined;
  readonly oldObject: KubernetesObject | undefined;
  readonly namespaceObject: KubernetesObject | undefined;
  readonly authorize: Authorizer;
}

export interface AdmissionScope {
  /** The value; throws `ExpressionFailure` with what the API server says. */
  evaluate(expression: PolicyExpression): CelValue;
}

export class ExpressionFailure extends Error {
  override readonly name = "ExpressionFailure";
}

export function admissionScope(
  matched: MatchedRequest,
  params: KubernetesObject | undefined,
  variables: readonly PolicyVariable[],
): AdmissionScope {
  const known = new Map<string, CelValue>();
  const makers = variableMakers(matched, params);
  let budget = COST_BUDGET;
  const evaluate = (expression: PolicyExpression): CelValue => {
    const { program, source, error } = expression;
    if (program === undefined) throw new ExpressionFailure(`compilation error: ${error}`);
    const evaluation = new Evaluation(Math.min(COST_PER_CALL, budget));
    try {
      return program.evaluate(lookup, evaluation);
    } catch (failure) {
      throw explained(failure, source);
    } finally {
      budget -= evaluation.spent;
    }
  };
  const composed = new ComposedVariables(variables, evaluate);
  const lookup = (name: string): CelValue | undefined => {
    if (name === "variables") return composed;
    const value = known.get(name) ?? makers[name]?.();
    if (value !== undefined) known.set(name, value);
    return value;
  };
  return { evaluate };
}

function explained(failure: unknown, source: string): unknown {
  if (!(failure instanceof CelError || failure instanceof CelCostError)) return failure;
  return new ExpressionFailure(`expression '${source}' resulted in error: ${failure.message}`);
}

type Makers = Readonly<Record<string, () => CelValue>>;

function variableMakers(matched: MatchedRequest, params: KubernetesObject | undefined): Makers {
  const { request, authorize, object, oldObject, namespaceObject } = matched;
  const { facts, subresource, namespace, name, user } = request;
  const asking = { authorize, user };
  return {
    object: () => fromJson(object),
    oldObject: () => fromJson(oldObject),
    params: () => fromJson(params),
    namespaceObject: () => fromJson(namespaceObject),
    request: () => recordValue(requestRecord(matched)),
    authorizer: () => new CelAuthorizer(asking),
    "authorizer.requestResource": () =>
      new ResourceCheck(asking, {
        group: facts.group,
        version: "*",
        resource: facts.resource,
        subresource,
        namespace,
        name,
      }),
  };
}

/** AdmissionRequest without its objects, as JSON leaves out what is empty. */
export function requestRecord({
  request,
  version,
}: Pick<MatchedRequest, "request" | "version">): Readonly<Record<string, unknown>> {
  const { facts, kind, subresource, name, namespace, user, dryRun, operation, options } = request;
  const ownKind = kind.group === facts.group && kind.kind === facts.kind;
  const { resource, group } = facts;
  return {
    kind: ownKind ? { ...groupVersionKind(kind), version } : groupVersionKind(kind),
    resource: { group, version, resource },
    ...(subresource === "" ? {} : { subResource: subresource }),
    requestKind: groupVersionKind(kind),
    requestResource: { group, version: facts.version, resource },
    ...(subresource === "" ? {} : { requestSubResource: subresource }),
    ...(name === "" ? {} : { name }),
    ...(namespace === "" ? {} : { namespace }),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid === undefined ? {} : { uid: user.uid }),
      groups: user.groups,
      ...(user.extra === undefined ? {} : { extra: user.extra }),
    },
    dryRun,
    options,
  };
}

function groupVersionKind({
  group,
  version,
  kind,
}: AdmissionRequest["kind"]): Readonly<Record<string, string>> {
  return { group, version, kind };
}

/** Evaluated when an expression selects one, and once. */
class ComposedVariables extends CelMap {
  readonly #expressions: ReadonlyMap<string, PolicyExpression>;
  readonly #evaluate: (expression: PolicyExpression) => CelValue;
  readonly #values = new Map<string, CelValue>();

  constructor(
    variables: readonly PolicyVariable[],
    evaluate: (expression: PolicyExpression) => CelValue,
  ) {
    super("kubernetes.variables");
    this.#expressions = new Map(variables.map(({ name, expression }) => [name, expression]));
    this.#evaluate = evaluate;
  }

  override get(key: CelValue): CelValue | undefined {
    if (typeof key !== "string") return undefined;
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const expression = this.#expressions.get(key);
    if (expression === undefined) return undefined;
    const value = this.#valueOf(key, expression);
    this.#values.set(key, value);
    return value;
  }

  #valueOf(name: string, expression: PolicyExpression): CelValue {
    try {
      return this.#evaluate(expression);
    } catch (error) {
      if (!(error instanceof ExpressionFailure)) throw error;
      throw new CelError(`composited variable "${name}" fails to evaluate: ${error.message}`);
    }
  }

  override has(key: CelValue): boolean {
    return typeof key === "string" && this.#expressions.has(key);
  }

  override keys(): readonly CelValue[] {
    return [...this.#expressions.keys()];
  }
}
