// Probes and lifecycle handlers of containers. Mirrors validateProbe, validateLivenessProbe, validateReadinessProbe,
// validateStartupProbe and validateLifecycle of kubernetes pkg/apis/core/validation/validation.go @v1.36, with the gate
// ContainerStopSignals off as it is by default.

import { forbiddenField, invalidField } from "../field-error.ts";
import { numberAt } from "./fields.ts";
import { LIFECYCLE_HANDLERS, PROBE_HANDLERS, validateHandler } from "./handlers.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { judgeAt, NO_CAUSES } from "./walk-fields.ts";

const COUNTS = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
];
const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"] as const;
const PARTS = ["lifecycle", ...PROBES] as const;

/** Of a container that goes on running; `grace` is the pod's. */
export function validateProbes(field: string, container: Scope, grace?: number): Causes {
  const parts = PARTS.filter((part) => container[part] !== undefined);
  if (parts.length === 0) return NO_CAUSES;
  return parts.flatMap((part) =>
    judgeAt(field, container, part, (at, probe) =>
      part === "lifecycle"
        ? validateLifecycle(at, probe, grace)
        : [...validateProbe(at, probe, grace), ...purposeFaults(at, part, probe)],
    ),
  );
}

/** Of a container that has ended before others start. */
export function refuseProbes(field: string, container: Scope): Causes {
  const why = "may not be set for init containers without restartPolicy=Always";
  const parts = PARTS.filter((part) => container[part] !== undefined);
  return parts.length === 0
    ? NO_CAUSES
    : parts.map((part) => forbiddenField(`${field}.${part}`, why));
}

function validateLifecycle(field: string, lifecycle: Scope, grace?: number): Causes {
  return ["postStart", "preStop"].flatMap((name) =>
    judgeAt(field, lifecycle, name, (at, handler) =>
      validateHandler(at, handler, { types: LIFECYCLE_HANDLERS, grace }),
    ),
  );
}

function validateProbe(field: string, probe: Scope, grace?: number): Causes {
  const period = numberAt(probe, "terminationGracePeriodSeconds");
  return [
    ...validateHandler(field, probe, { types: PROBE_HANDLERS, grace }),
    ...COUNTS.filter((name) => (numberAt(probe, name) ?? 0) < 0).map((name) =>
      invalidField(`${field}.${name}`, probe[name], "must be greater than or equal to 0"),
    ),
    ...(period !== undefined && period <= 0
      ? [invalidField(`${field}.terminationGracePeriodSeconds`, period, "must be greater than 0")]
      : []),
  ];
}

/** Once is enough to live or to have started; what is not ready is not ended. */
function purposeFaults(field: string, purpose: (typeof PROBES)[number], probe: Scope): Causes {
  const { successThreshold = 0, terminationGracePeriodSeconds: period } = probe;
  if (purpose !== "readinessProbe") {
    if (successThreshold === 1) return NO_CAUSES;
    return [invalidField(`${field}.successThreshold`, successThreshold, "must be 1")];
  }
  if (period === undefined) return NO_CAUSES;
  const why = "must not be set for readinessProbes";
  return [invalidField(`${field}.terminationGracePeriodSeconds`, period, why)];
}
