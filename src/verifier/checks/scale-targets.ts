// An autoscaler needs a target that exists, bounds in order, and sole ownership of the number of replicas.

import type { Diagnostic } from "../../core/index.ts";
import { defineDiagnostic } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import { checkReference } from "../missing-reference.ts";
import { recordOf } from "../pod-template.ts";
import type { Check, SeenObject, TargetView } from "../target-view.ts";

export const autoscalerWithoutTarget = defineDiagnostic<{ object: string }>({
  code: "verify/autoscaler-without-target",
  severity: "error",
  message: ({ object }) => `${object} scales nothing: it has no scaleTargetRef`,
});

export const autoscalerBounds = defineDiagnostic<{ object: string; min: number; max: number }>({
  code: "verify/autoscaler-bounds",
  severity: "error",
  message: ({ object, min, max }) => `${object}: minReplicas ${min} is above maxReplicas ${max}`,
});

export const contestedReplicas = defineDiagnostic<{ object: string; autoscaler: string }>({
  code: "verify/contested-replicas",
  severity: "error",
  message: ({ object, autoscaler }) =>
    `${object} sets replicas, and every sync would undo what ${autoscaler} decided`,
  hint: () => "leave replicas out where an autoscaler owns them",
});

export const checkScaleTargets: Check = function* (view) {
  for (const autoscaler of view.ofKind("HorizontalPodAutoscaler"))
    yield* checkOne(autoscaler, view);
};

function* checkOne(autoscaler: SeenObject, view: TargetView): Iterable<Diagnostic> {
  const { object, path } = autoscaler;
  const shown = displayRef(refOf(object));
  const spec = recordOf(object["spec"]);
  const { kind, name } = recordOf(spec["scaleTargetRef"]);
  const [min, max] = [Number(spec["minReplicas"] ?? 1), Number(spec["maxReplicas"])];
  if (min > max) yield autoscalerBounds(path, { object: shown, min, max });
  if (typeof kind !== "string" || typeof name !== "string") {
    yield autoscalerWithoutTarget(path, { object: shown });
    return;
  }
  const namespace = object.metadata.namespace ?? "default";
  const missing = checkReference(view, {
    from: autoscaler,
    field: "scaleTargetRef",
    kind,
    name,
    namespace,
  });
  yield* missing;
  const target = view.find(kind, name, namespace);
  if (target?.compiled === undefined || recordOf(target.object["spec"])["replicas"] === undefined)
    return;
  yield contestedReplicas(target.path, {
    object: displayRef(refOf(target.object)),
    autoscaler: shown,
  });
}
