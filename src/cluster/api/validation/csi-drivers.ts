// Validation of CSIDrivers. Mirrors validateCSIDriverSpec and ValidateCSIDriverUpdate of kubernetes
// pkg/apis/storage/validation/validation.go @v1.36. What has a default is never absent here.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { duplicateField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { numberAt, recordAt, recordsAt, textAt } from "./fields.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const GROUP_POLICIES = ["File", "None", "ReadWriteOnceWithFSType"];
const LIFECYCLE_MODES = ["Persistent", "Ephemeral"];
const UPDATE_PERIOD_MIN = 10;
const TOKEN_SECONDS_MIN = 600;
const TOKEN_SECONDS_MAX = 2 ** 32;
/** Upstream names the first one so. */
const REQUIRED: readonly (readonly [field: string, shown: string])[] = [
  ["attachRequired", "attachedRequired"],
  ["podInfoOnMount", "podInfoOnMount"],
  ["storageCapacity", "storageCapacity"],
];

export function validateCsiDriver(driver: KubernetesObject): Causes {
  const spec = recordAt(driver, "spec");
  const requests = recordsAt(spec, "tokenRequests");
  return [
    ...REQUIRED.flatMap(([field, shown]) => required(spec, field, shown)),
    ...validateGroupPolicy(spec["fsGroupPolicy"]),
    ...validateTokenRequests("spec.tokenRequests", requests),
    ...validateModes(spec["volumeLifecycleModes"]),
    ...required(spec, "seLinuxMount"),
    ...validatePeriod(numberAt(spec, "nodeAllocatableUpdatePeriodSeconds")),
    ...validateTokensInSecrets(spec["serviceAccountTokenInSecrets"], requests),
  ];
}

export function validateCsiDriverUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const [spec, before] = [recordAt(next, "spec"), recordAt(old, "spec")];
  return [
    ...unchanged(spec, before, "attachRequired", "attachedRequired"),
    ...unchanged(spec, before, "volumeLifecycleModes"),
  ];
}

function unchanged(spec: Scope, before: Scope, field: string, shown = field): Causes {
  if (deepEqual(spec[field], before[field])) return [];
  return [invalidField(`spec.${shown}`, spec[field], "field is immutable")];
}

function required(spec: Scope, field: string, shown = field): Causes {
  return spec[field] === undefined ? [requiredField(`spec.${shown}`)] : [];
}

function validateGroupPolicy(policy: unknown): Causes {
  if (policy === undefined || GROUP_POLICIES.some((one) => one === policy)) return [];
  return [unsupportedField("spec.fsGroupPolicy", policy, GROUP_POLICIES)];
}

/** One without an audience stands for the server's own; each is there once. */
function validateTokenRequests(field: string, requests: readonly Scope[]): Causes {
  const seen = new Set<string>();
  return requests.flatMap((request, index) => {
    const audience = textAt(request, "audience");
    if (seen.has(audience)) return [duplicateField(`${field}[${index}].audience`, audience)];
    seen.add(audience);
    const seconds = numberAt(request, "expirationSeconds");
    return expirationFaults(`${field}[${index}].expirationSeconds`, seconds);
  });
}

function expirationFaults(field: string, seconds: number | undefined): Causes {
  if (seconds === undefined) return [];
  const short = "may not specify a duration less than 10 minutes";
  if (seconds < TOKEN_SECONDS_MIN) return [invalidField(field, seconds, short)];
  const long = "may not specify a duration larger than 2^32 seconds";
  return seconds > TOKEN_SECONDS_MAX ? [invalidField(field, seconds, long)] : [];
}

function validateModes(modes: unknown): Causes {
  return (Array.isArray(modes) ? modes.map(String) : [])
    .filter((mode) => !LIFECYCLE_MODES.includes(mode))
    .map((mode) => unsupportedField("spec.volumeLifecycleModes", mode, LIFECYCLE_MODES));
}

function validatePeriod(seconds: number | undefined): Causes {
  if (seconds === undefined || seconds >= UPDATE_PERIOD_MIN) return [];
  const why = "must be greater than or equal to 10 seconds";
  return [invalidField("spec.nodeAllocatableUpdatePeriodSeconds", seconds, why)];
}

function validateTokensInSecrets(isOn: unknown, requests: readonly Scope[]): Causes {
  if (isOn === undefined || requests.length > 0) return [];
  const why = "serviceAccountTokenInSecrets is set but no tokenRequests are specified";
  return [invalidField("spec.serviceAccountTokenInSecrets", isOn, why)];
}
