// The parameters a binding hands to its policy. Mirrors apiserver pkg/admission/plugin/policy/generic/policy_dispatcher.go CollectParams.

import type { KindFacts, KubernetesObject, LiveObjects } from "../../../kubernetes/index.ts";
import { labelRequirements, matchesLabels } from "../../../kubernetes/index.ts";
import type { ParamKind, ParamRef } from "./policy-objects.ts";

/** A binding that does not fit its policy, or finds nothing where it has to; the message says so. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

type Params = readonly (KubernetesObject | undefined)[];

/** One evaluation each; `[undefined]` is one without parameters, an empty list none at all. */
export function paramsOf(
  live: LiveObjects,
  paramKind: ParamKind | undefined,
  facts: KindFacts | undefined,
  ref: ParamRef | undefined,
  requestNamespace: string,
): Params {
  if (paramKind === undefined || ref === undefined || facts === undefined) return [undefined];
  const namespace = namespaceOf(facts, ref, requestNamespace);
  const found = select(live, paramKind, ref, namespace);
  if (found.length === 0 && ref.parameterNotFoundAction === "Deny") {
    throw new ConfigurationError(
      "no params found for policy binding with `Deny` parameterNotFoundAction",
    );
  }
  return found;
}

function namespaceOf(
  { namespaced }: KindFacts,
  { namespace = "" }: ParamRef,
  requestNamespace: string,
): string | undefined {
  if (!namespaced) {
    if (namespace === "") return undefined;
    throw new ConfigurationError(
      "paramRef.namespace must not be provided for a cluster-scoped `paramKind`",
    );
  }
  const own = namespace === "" ? requestNamespace : namespace;
  if (own !== "") return own;
  throw new ConfigurationError(
    "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources",
  );
}

function select(
  live: LiveObjects,
  kind: ParamKind,
  { name = "", selector }: ParamRef,
  namespace: string | undefined,
): readonly KubernetesObject[] {
  if (name !== "") {
    const found = live.get({ ...kind, name, ...(namespace === undefined ? {} : { namespace }) });
    return found === undefined ? [] : [found];
  }
  const requirements = labelRequirements(selector ?? {});
  return live
    .list(kind, namespace)
    .filter(({ metadata }) => matchesLabels(requirements, metadata.labels));
}
