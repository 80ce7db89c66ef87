// Binding: assigns a pod to a node. Mirrors kubernetes pkg/registry/core/pod/storage/storage.go BindingREST.

import { andThen, formatInstant, isRecord } from "../../../core/index.ts";
import type { InstantMs, Soon } from "../../../core/index.ts";
import type { KubernetesObject, Status } from "../../../kubernetes/index.ts";
import { admitBody } from "../admission-attributes.ts";
import type { ApiContext } from "../api-context.ts";
import { deepFreeze } from "../../store/freeze.ts";
import { deriveOnce } from "../../store/index.ts";
import type { DeriveOnce } from "../../store/index.ts";
import { badRequest, conflict, invalid } from "../refusals.ts";
import { requiredField } from "../field-error.ts";
import { recordAt, recordsAt, textAt } from "../validation/fields.ts";
import type { UpdateRequest } from "../verbs/requests.ts";
import { updateWith } from "../verbs/update.ts";
import type { UpdateTarget } from "../verbs/update.ts";

const BINDING = { group: "", version: "v1", kind: "Binding" };

export const BOUND: Status = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  code: 201,
};

export function bind(api: ApiContext, request: UpdateRequest): Soon<Status> {
  if (!isRecord(request.body)) throw badRequest("the body of a binding request must be a Binding");
  return andThen(admitBody(api, request, BINDING), (binding) => bindTo(api, request, binding));
}

function bindTo(api: ApiContext, request: UpdateRequest, binding: KubernetesObject): Soon<Status> {
  const node = textAt(recordAt(binding, "target"), "name");
  if (node === "") {
    throw invalid({ group: "", kind: "Binding" }, request.name, [requiredField("target.name")]);
  }
  // Written below the layer that notes who set what: nobody owns the node's name.
  const written = updateWith(api, targetOf(request), (pod) =>
    assign(api, request, binding, pod, node),
  );
  return andThen(written, () => BOUND);
}

/** Member by member: every pod is bound once, and records are slow to copy. */
function targetOf(request: UpdateRequest): UpdateTarget {
  const { resource, namespace, name, caller, dryRun, fieldManager, fieldValidation } = request;
  return {
    resource,
    namespace,
    name,
    caller,
    dryRun,
    fieldManager,
    fieldValidation,
    subresource: "binding",
    admitted: "elsewhere",
  };
}

function assign(
  api: ApiContext,
  { resource, name }: UpdateRequest,
  binding: KubernetesObject,
  pod: KubernetesObject,
  node: string,
): KubernetesObject {
  const refuse = (why: string): Error =>
    conflict({ ...resource.facts, resource: "pods/binding" }, name, why);
  const spec = recordAt(pod, "spec");
  const given = recordAt(binding, "metadata");
  const { uid } = given;
  if (typeof uid === "string" && uid !== "" && uid !== pod.metadata.uid) {
    throw refuse(
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`,
    );
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  }
  const assigned = textAt(spec, "nodeName");
  if (assigned !== "")
    throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(assigned)}`);
  if (recordsAt(spec, "schedulingGates").length > 0) {
    throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  }
  const metadata = withTexts(withTexts(pod.metadata, given, "annotations"), given, "labels");
  return { ...pod, metadata, spec: { ...spec, nodeName: node }, status: scheduled(api, pod) };
}

/** The annotations and labels of the binding become the pod's. */
function withTexts(
  metadata: KubernetesObject["metadata"],
  binding: Readonly<Record<string, unknown>>,
  field: "annotations" | "labels",
): KubernetesObject["metadata"] {
  const texts = binding[field];
  if (!isRecord(texts)) return metadata;
  // The schema of Binding has only text here.
  const added = texts as Readonly<Record<string, string>>;
  return { ...metadata, [field]: { ...metadata[field], ...added } };
}

function scheduled(api: ApiContext, pod: KubernetesObject): Readonly<Record<string, unknown>> {
  const status = recordAt(pod, "status");
  const others = recordsAt(status, "conditions").filter(({ type }) => type !== "PodScheduled");
  const scheduledNow = scheduledCondition(api.clock.now(), pod.metadata.generation);
  if (others.length === 0) {
    return statusOnce(status, [scheduledNow], () => ({ ...status, conditions: scheduledNow }));
  }
  return { ...status, conditions: [...others, ...scheduledNow] };
}

const statusOnce: DeriveOnce<Readonly<Record<string, unknown>>> = deriveOnce();

/** The condition of those scheduled last: pods that are scheduled within one second share it. */
let last = newlyScheduled("", undefined);

function scheduledCondition(
  now: InstantMs,
  generation: number | undefined,
): typeof last.conditions {
  const at = formatInstant(now);
  if (last.at !== at || last.generation !== generation) last = newlyScheduled(at, generation);
  return last.conditions;
}

function newlyScheduled(at: string, generation: number | undefined) {
  const condition = {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: at,
    observedGeneration: generation,
  };
  return { at, generation, conditions: deepFreeze([condition]) };
}
