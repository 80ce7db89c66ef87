// Which policies a request meets, through which bindings and with which parameters. Mirrors apiserver
// pkg/admission/plugin/policy/generic/policy_dispatcher.go.

import type { AdmissionRequest, Expressions, KubernetesObject } from "../../../kubernetes/index.ts";
import { matchRequest, isNamespace } from "./match-resources.ts";
import type { Match } from "./match-resources.ts";
import { ConfigurationError, paramsOf } from "./policy-params.ts";
import type { PolicyServer } from "./policy-server.ts";
import { type BindingSpec, type PolicySpec, specOf } from "./policy-objects.ts";

export type MatchedRequest = Parameters<Expressions["admissionScope"]>[0];

export interface Invocation {
  readonly policy: KubernetesObject;
  readonly binding: KubernetesObject;
  readonly match: Match;
  readonly params: KubernetesObject | undefined;
}

/** A policy or binding that cannot be used; its failure policy decides what follows. */
export interface Misconfiguration {
  readonly policy: KubernetesObject;
  readonly binding: KubernetesObject | undefined;
  readonly message: string;
}

export interface PolicyKinds {
  readonly policy: string;
  readonly binding: string;
}

export type Met = Invocation | Misconfiguration;

const API_VERSION = "admissionregistration.k8s.io/v1";

const NONE: readonly Met[] = [];

/** In the order of their names. Costs a look at each policy's rules when there are policies, and nothing when there are none. */
export function invocationsOf(
  request: AdmissionRequest,
  server: PolicyServer,
  kinds: PolicyKinds,
): readonly Met[] {
  const policies = request.live.list({ apiVersion: API_VERSION, kind: kinds.policy });
  if (policies.length === 0) return NONE;
  const met: Met[] = [];
  for (const policy of policies) {
    const { matchConstraints } = specOf<PolicySpec>(policy);
    const match = matchRequest(request, matchConstraints, (asked) => server.versions(asked));
    if (match !== undefined) met.push(...boundInvocations(request, server, kinds, policy, match));
  }
  return met;
}

function boundInvocations(
  request: AdmissionRequest,
  server: PolicyServer,
  kinds: PolicyKinds,
  policy: KubernetesObject,
  match: Match,
): readonly Met[] {
  const bindings = request.live
    .list({ apiVersion: API_VERSION, kind: kinds.binding })
    .filter((binding) => specOf<BindingSpec>(binding).policyName === policy.metadata.name);
  if (bindings.length === 0) return [];
  const { paramKind } = specOf<PolicySpec>(policy);
  const facts = paramKind && server.kind(paramKind.apiVersion, paramKind.kind);
  if (paramKind !== undefined && facts === undefined) {
    const message = `failed to configure policy: failed to find resource referenced by paramKind: '${paramKind.apiVersion}, Kind=${paramKind.kind}'`;
    return [{ policy, binding: undefined, message }];
  }
  return bindings.flatMap((binding): readonly Met[] => {
    const { matchResources, paramRef } = specOf<BindingSpec>(binding);
    const isMeant = matchRequest(request, matchResources, (asked) => server.versions(asked));
    if (isMeant === undefined) return [];
    try {
      const namespace = isNamespace(request) ? "" : request.namespace;
      const params = paramsOf(request.live, paramKind, facts, paramRef, namespace);
      return params.map((param) => ({ policy, binding, match, params: param }));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return [{ policy, binding, message: `failed to configure binding: ${error.message}` }];
    }
  });
}

/** The request in the version that matched, with what expressions may ask about it. */
export function matchedRequest(
  request: AdmissionRequest,
  { served }: Match,
  server: PolicyServer,
): MatchedRequest {
  const { object, oldObject, namespace, live } = request;
  const inVersion = (one: KubernetesObject | undefined): KubernetesObject | undefined =>
    one === undefined || served === undefined ? one : served.convert(one);
  const hasNamespace = namespace !== "" && !isNamespace(request);
  return {
    request,
    version: served?.facts.version ?? request.kind.version,
    object: inVersion(object),
    oldObject: inVersion(oldObject),
    namespaceObject: hasNamespace
      ? live.get({ apiVersion: "v1", kind: "Namespace", name: namespace })
      : undefined,
    authorize: server.authorize,
  };
}
