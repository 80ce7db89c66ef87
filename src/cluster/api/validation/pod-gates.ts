// Scheduling gates of a pod: they may only go, and while one is there the pod's placement may be narrowed. Mirrors
// kubernetes pkg/apis/core/validation/validation.go (ValidatePodUpdate) and pkg/registry/core/pod/strategy.go.

import { deepEqual, isRecord } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField } from "../field-error.ts";
import { recordAt, recordsAt, textsAt } from "./fields.ts";

type Scope = Readonly<Record<string, unknown>>;

/** The condition that a gated pod is created with; undefined for other pods. */
export function gatedCondition(pod: KubernetesObject, now: string): Scope | undefined {
  if (!isGated(recordAt(pod, "spec"))) return undefined;
  return {
    type: "PodScheduled",
    status: "False",
    lastProbeTime: null,
    lastTransitionTime: now,
    reason: "SchedulingGated",
    message: "Scheduling is blocked due to non-empty scheduling gates",
  };
}

export function isGated(spec: Scope): boolean {
  return recordsAt(spec, "schedulingGates").length > 0;
}

/** New gates are refused, each by its name. */
export function validateGates(spec: Scope, before: Scope): readonly StatusCause[] {
  const known = new Set(recordsAt(before, "schedulingGates").map(({ name }) => name));
  return recordsAt(spec, "schedulingGates").flatMap(({ name }, index) =>
    known.has(name)
      ? []
      : [
          forbiddenField(
            `spec.schedulingGates[${index}].name`,
            `only deletion is allowed, but found new scheduling gate '${String(name)}'`,
          ),
        ],
  );
}

/** A gated pod may get more node labels to ask for and narrower required node affinity; nothing may be taken back. */
export function validateNarrowing(spec: Scope, before: Scope): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  const labels = textsAt(spec, "nodeSelector");
  const kept = Object.entries(textsAt(before, "nodeSelector"));
  if (kept.some(([name, value]) => labels[name] !== value)) {
    const text = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
    causes.push(invalidField("spec.nodeSelector", labels, text));
  }
  const [terms, old] = [requiredTerms(spec), requiredTerms(before)];
  if (old.length > 0 && !narrows(terms, old)) {
    const field =
      "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
    causes.push(
      invalidField(field, terms, "only additions are allowed (no mutations or deletions)"),
    );
  }
  return causes;
}

/** The spec without what a gated pod may narrow. */
export function withoutPlacement(spec: Scope): Scope {
  const { nodeSelector: _labels, affinity, ...rest } = spec;
  if (!isRecord(affinity)) return rest;
  const { nodeAffinity, ...others } = affinity;
  if (!isRecord(nodeAffinity))
    return Object.keys(others).length === 0 ? rest : { ...rest, affinity };
  const { requiredDuringSchedulingIgnoredDuringExecution: _required, ...preferred } = nodeAffinity;
  const left = {
    ...others,
    ...(Object.keys(preferred).length === 0 ? {} : { nodeAffinity: preferred }),
  };
  return Object.keys(left).length === 0 ? rest : { ...rest, affinity: left };
}

function requiredTerms(spec: Scope): readonly Scope[] {
  const affinity = recordAt(recordAt(spec, "affinity"), "nodeAffinity");
  const required = recordAt(affinity, "requiredDuringSchedulingIgnoredDuringExecution");
  return recordsAt(required, "nodeSelectorTerms");
}

/** As many terms as before, each with all its old requirements. */
function narrows(terms: readonly Scope[], old: readonly Scope[]): boolean {
  if (terms.length !== old.length) return false;
  return old.every((term, index) =>
    ["matchExpressions", "matchFields"].every((list) => {
      const now = recordsAt(terms[index] ?? {}, list);
      return recordsAt(term, list).every((one) => now.some((other) => deepEqual(one, other)));
    }),
  );
}
