// What may change of a Job. Mirrors ValidateJobSpecUpdate, validateCompletions and validatePodTemplateUpdate of kubernetes
// pkg/apis/batch/validation/validation.go, and validationOptionsForJob of pkg/registry/batch/job/strategy.go @v1.36.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField } from "../field-error.ts";
import { numberAt, recordAt, recordsAt, textAt, textsAt } from "./fields.ts";
import { FAILURE_POLICY, SUCCESS_POLICY } from "./job-policies.ts";
import { validateJob, validateJobSpec } from "./jobs.ts";
import { printGo } from "./print-go.ts";
import { printStruct } from "./print-struct.ts";
import { hasBadSelectorValues, printSelector } from "./selectors.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const IMMUTABLE = "field is immutable";
const PREFIXED = ["batch.kubernetes.io/job-name", "batch.kubernetes.io/controller-uid"];

/** The rules of its spec are gone through twice, by the server's strategy and by the update itself. */
export function validateJobUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const [spec, before] = [recordAt(next, "spec"), recordAt(old, "spec")];
  const labels = textsAt(recordAt(recordAt(before, "template"), "metadata"), "labels");
  const options = {
    allowBadValues: hasBadSelectorValues(recordAt(before, "selector")),
    requirePrefixedLabels: PREFIXED.every((key) => labels[key] !== undefined),
  };
  return [
    ...validateJob(next, options),
    ...validateJobSpec(spec, options),
    ...completionsChange(spec, before),
    ...unchanged(spec, before, "selector", printSelector),
    ...templateChange(spec, old),
    ...unchanged(spec, before, "completionMode"),
    ...unchanged(spec, before, "podFailurePolicy", printFailurePolicy),
    ...unchanged(spec, before, "backoffLimitPerIndex"),
    ...unchanged(spec, before, "managedBy"),
    ...unchanged(spec, before, "successPolicy", printSuccessPolicy),
  ];
}

function unchanged(
  spec: Scope,
  before: Scope,
  field: string,
  print: (value: unknown) => unknown = (value) => value,
): Causes {
  const value = spec[field];
  if (deepEqual(value, before[field])) return [];
  const shown = value === undefined ? null : print(value);
  return [invalidField(`spec.${field}`, shown, IMMUTABLE)];
}

// Decoding has established what these fields hold.
const printFailurePolicy = (policy: unknown): Scope => printStruct(FAILURE_POLICY, policy as Scope);
const printSuccessPolicy = (policy: unknown): Scope => printStruct(SUCCESS_POLICY, policy as Scope);

/** A job with indexes may grow and shrink. */
function completionsChange(spec: Scope, before: Scope): Causes {
  if (spec["completionMode"] !== "Indexed") return unchanged(spec, before, "completions");
  const { completions } = spec;
  const isSame = completions === undefined || completions === before["completions"];
  if (isSame || completions === numberAt(spec, "parallelism")) return [];
  const why = "can only be modified in tandem with spec.parallelism";
  return [invalidField("spec.completions", completions, why)];
}

/** What decides where the pods run, and what they need, changes while there are none. */
function templateChange(spec: Scope, old: KubernetesObject): Causes {
  const [now, before] = [recordAt(spec, "template"), recordAt(recordAt(old, "spec"), "template")];
  if (deepEqual(now, before)) return [];
  if (!isAtRest(old)) return [invalidField("spec.template", printFields(now), IMMUTABLE)];
  const [pods, former] = [recordAt(now, "spec"), recordAt(before, "spec")];
  if (deepEqual(fixedPart(pods), fixedPart(withResources(former, pods)))) return [];
  return [invalidField("spec.template.spec", printFields(pods), IMMUTABLE)];
}

/** Under the names of the API; Kubernetes shows those of its Go types here. */
function printFields(part: Scope): unknown {
  return JSON.parse(printGo(part));
}

function isAtRest(job: KubernetesObject): boolean {
  const status = recordAt(job, "status");
  const isSuspended = recordsAt(status, "conditions").some(
    (one) => one["type"] === "Suspended" && one["status"] === "True",
  );
  const isFree = status["startTime"] === undefined || isSuspended;
  const suspend = recordAt(job, "spec")["suspend"] === true;
  return suspend && isFree && (numberAt(status, "active") ?? 0) === 0;
}

function fixedPart(pods: Scope): Scope {
  const {
    nodeSelector: _selector,
    tolerations: _tolerations,
    schedulingGates: _gates,
    affinity: _affinity,
    ...fixed
  } = pods;
  const { nodeAffinity: _node, ...affinity } = recordAt(pods, "affinity");
  return { ...fixed, affinity };
}

const CONTAINERS = ["containers", "initContainers"];

/** Containers that are the same ones, with what they need now. */
function withResources(former: Scope, pods: Scope): Scope {
  const changed = CONTAINERS.filter((list) => former[list] !== undefined).map((list) => {
    const [old, now] = [recordsAt(former, list), recordsAt(pods, list)];
    const merged = old.map((container, index) => resourcesOf(container, now[index]));
    return [list, old.length === now.length ? merged : old];
  });
  return { ...former, ...Object.fromEntries(changed) };
}

function resourcesOf(container: Scope, now: Scope = {}): Scope {
  if (textAt(container, "name") !== textAt(now, "name")) return container;
  const { resources: _resources, ...others } = container;
  return now["resources"] === undefined ? others : { ...others, resources: now["resources"] };
}
