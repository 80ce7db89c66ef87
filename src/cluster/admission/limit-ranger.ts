// Holds pods and claims to the limit ranges of their namespace, and fills in what containers leave open.
// Mirrors plugin/pkg/admission/limitranger @v1.36.

import {
  admissionForbidden,
  claimLimitFaults,
  isFor,
  LIMIT_RANGE,
  podLimitFaults,
  withContainerDefaults,
} from "../../kubernetes/index.ts";
import type {
  AdmissionPlugin,
  AdmissionRequest,
  AdmissionSubject,
  LimitRange,
  Pod,
} from "../../kubernetes/index.ts";

export const limitRanger: AdmissionPlugin = {
  name: "LimitRanger",
  handles: (subject) => concernsPod(subject) || concernsClaim(subject),
  mutate(request) {
    const { object } = request;
    if (object === undefined || !concernsPod(request)) return object;
    // Decoding has given the object the shape of its kind.
    return limitRanges(request).reduce(withContainerDefaults, object as Pod);
  },
  validate(request) {
    const { object } = request;
    if (object === undefined) return;
    const isPod = concernsPod(request);
    for (const limitRange of limitRanges(request)) {
      const faults = isPod
        ? podLimitFaults(object as Pod, limitRange)
        : claimLimitFaults(object, limitRange);
      const told = [...new Set(faults)];
      if (told.length === 0) continue;
      throw admissionForbidden(request, told.length === 1 ? `${told[0]}` : `[${told.join(", ")}]`);
    }
  },
};

/** A pod's containers stay as they are once it exists, except through its resize. */
function concernsPod(request: AdmissionSubject): boolean {
  const { operation } = request;
  return (
    (operation === "CREATE" && isFor(request, "pods")) ||
    (operation === "UPDATE" && isFor(request, "pods", "resize"))
  );
}

function concernsClaim(request: AdmissionSubject): boolean {
  return request.operation !== "DELETE" && isFor(request, "persistentvolumeclaims");
}

/** What is being deleted is left alone. */
function limitRanges({ live, namespace, oldObject }: AdmissionRequest): readonly LimitRange[] {
  if (oldObject?.metadata.deletionTimestamp !== undefined) return [];
  return live.list(LIMIT_RANGE, namespace) as readonly LimitRange[];
}
