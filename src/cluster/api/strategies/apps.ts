// How apps/v1 deviates. Mirrors kubernetes pkg/registry/apps/*/strategy.go and pkg/apis/apps/validation.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { DAEMON_SET, DEPLOYMENT, REPLICA_SET, STATEFUL_SET } from "../defaults/apps.ts";
import type { Strategy } from "../strategy.ts";
import { recordAt } from "../validation/fields.ts";
import { validateNewRevision, validateRevisionUpdate } from "../validation/controller-revisions.ts";
import { validateDaemonSetUpdate, validateNewDaemonSet } from "../validation/daemon-sets.ts";
import { validateDeployment, validateReplicaSet } from "../validation/deployments.ts";
import {
  validateDaemonSetStatus,
  validateDeploymentStatus,
  validateReplicaSetStatus,
  validateStatefulSetStatus,
} from "../validation/replica-counts.ts";
import { validateNewStatefulSet, validateStatefulSetUpdate } from "../validation/stateful-sets.ts";
import { validateSelectorUnchanged } from "../validation/workload-templates.ts";

export const APPS_STRATEGIES: Readonly<Record<string, Partial<Strategy>>> = {
  "apps/deployments": {
    generation: "spec-and-annotations",
    defaults: DEPLOYMENT,
    validate: validateDeployment,
    validateUpdate: validateSelectorUnchanged,
    validateStatus: validateDeploymentStatus,
  },
  "apps/replicasets": {
    generation: "spec",
    defaults: REPLICA_SET,
    validate: validateReplicaSet,
    validateUpdate: validateSelectorUnchanged,
    validateStatus: validateReplicaSetStatus,
  },
  "apps/statefulsets": {
    nameRule: "label",
    generation: "spec",
    defaults: STATEFUL_SET,
    validateCreate: validateNewStatefulSet,
    validateUpdate: validateStatefulSetUpdate,
    validateStatus: validateStatefulSetStatus,
    prepareForCreate: (object) => withoutMaxUnavailable(object),
    prepareForUpdate: withoutMaxUnavailable,
  },
  "apps/daemonsets": {
    generation: "spec",
    defaults: DAEMON_SET,
    validateCreate: validateNewDaemonSet,
    validateUpdate: validateDaemonSetUpdate,
    validateStatus: validateDaemonSetStatus,
    prepareForCreate: (object) => withTemplateGeneration(object, 1),
    prepareForUpdate: countTemplates,
  },
  "apps/controllerrevisions": {
    validateCreate: validateNewRevision,
    validateUpdate: validateRevisionUpdate,
  },
};

/** The gate MaxUnavailableStatefulSet is off: the field is dropped unless the object has it already. */
function withoutMaxUnavailable(next: KubernetesObject, old?: KubernetesObject): KubernetesObject {
  const rules = (object: KubernetesObject): Readonly<Record<string, unknown>> =>
    recordAt(recordAt(recordAt(object, "spec"), "updateStrategy"), "rollingUpdate");
  if (rules(next)["maxUnavailable"] === undefined) return next;
  if (old !== undefined && rules(old)["maxUnavailable"] !== undefined) return next;
  const spec = recordAt(next, "spec");
  const { maxUnavailable: _dropped, ...rollingUpdate } = rules(next);
  const updateStrategy = { ...recordAt(spec, "updateStrategy"), rollingUpdate };
  return { ...next, spec: { ...spec, updateStrategy } };
}

const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

/** What daemon set pods were labelled with before revisions; still kept up by the server. */
function withTemplateGeneration(object: KubernetesObject, value: number): KubernetesObject {
  const annotations = { ...object.metadata.annotations, [TEMPLATE_GENERATION]: String(value) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function countTemplates(next: KubernetesObject, old: KubernetesObject): KubernetesObject {
  const before = Number(old.metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);
  const template = recordAt(next, "spec")["template"];
  const isSame = deepEqual(template, recordAt(old, "spec")["template"]);
  const value = isSame ? before : before + 1;
  const given = next.metadata.annotations?.[TEMPLATE_GENERATION];
  return given === String(value) || value === 0 ? next : withTemplateGeneration(next, value);
}
