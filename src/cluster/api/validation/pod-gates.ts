// Scheduling gates of a pod: they may only go, and while one is there the pod's placement may be narrowed. Mirrors
// kubernetes pkg/apis/core/validation/validation.go (ValidatePodUpdate) and pkg/registry/core/pod/strategy.go.

import { deepEqual, isRecord } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField } from "../field-error.ts";
import { recordAt, recordsAt, textsAt } from "./fields.ts";
import { printStruct } from "./print-struct.ts";

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
  return [...causes, ...narrowingFaults(requiredTerms(spec), requiredTerms(before))];
}

const TERMS =
  "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
const REQUIREMENTS = [{ Key: "", Operator: "", Values: null }] as const;
const TERM = { MatchExpressions: REQUIREMENTS, MatchFields: REQUIREMENTS };

/** As many terms as before, each beginning with its old requirements. */
function narrowingFaults(terms: readonly Scope[], old: readonly Scope[]): readonly StatusCause[] {
  if (old.length === 0) return [];
  if (terms.length !== old.length) {
    const shown = terms.length === 0 ? null : terms.map((term) => printStruct(TERM, term));
    const why = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
    return [invalidField(TERMS, shown, why)];
  }
  const why = "only additions are allowed (no mutations or deletions)";
  return terms.flatMap((term, index) =>
    narrows(term, old[index] ?? {})
      ? []
      : [invalidField(`${TERMS}[${index}]`, printStruct(TERM, term), why)],
  );
}

/** The spec without what a gated pod may narrow; what nodes it merely prefers is its own business. */
export function withoutPlacement(spec: Scope): Scope {
  const { nodeSelector: _labels, affinity, ...rest } = spec;
  if (!isRecord(affinity)) return rest;
  const { nodeAffinity: _nodes, ...others } = affinity;
  return Object.keys(others).length === 0 ? rest : { ...rest, affinity: others };
}

function requiredTerms(spec: Scope): readonly Scope[] {
  const affinity = recordAt(recordAt(spec, "affinity"), "nodeAffinity");
  const required = recordAt(affinity, "requiredDuringSchedulingIgnoredDuringExecution");
  return recordsAt(required, "nodeSelectorTerms");
}

/** A term without requirements stays so. */
function narrows(term: Scope, old: Scope): boolean {
  const lists = ["matchExpressions", "matchFields"];
  if (lists.every((list) => recordsAt(old, list).length === 0)) {
    return lists.every((list) => recordsAt(term, list).length === 0);
  }
  return lists.every((list) => {
    const known = recordsAt(old, list);
    return deepEqual(recordsAt(term, list).slice(0, known.length), known);
  });
}
