// How apps/v1 deviates. Mirrors kubernetes pkg/registry/apps/*/strategy.go and pkg/apis/apps/validation.

import { DAEMON_SET, DEPLOYMENT, REPLICA_SET, STATEFUL_SET } from "../defaults/apps.ts";
import type { Strategy } from "../strategy.ts";
import {
  validateDaemonSet,
  validateDeployment,
  validateReplicaSet,
  validateSelectorUnchanged,
  validateStatefulSet,
  validateStatefulSetUpdate,
} from "../validation/workloads.ts";

export const APPS_STRATEGIES: Readonly<Record<string, Partial<Strategy>>> = {
  "apps/deployments": {
    generation: "spec-and-annotations",
    defaults: DEPLOYMENT,
    validate: validateDeployment,
    validateUpdate: validateSelectorUnchanged,
  },
  "apps/replicasets": {
    generation: "spec",
    defaults: REPLICA_SET,
    validate: validateReplicaSet,
    validateUpdate: validateSelectorUnchanged,
  },
  "apps/statefulsets": {
    generation: "spec",
    defaults: STATEFUL_SET,
    validate: validateStatefulSet,
    validateUpdate: validateStatefulSetUpdate,
  },
  "apps/daemonsets": {
    generation: "spec",
    defaults: DAEMON_SET,
    validate: validateDaemonSet,
    validateUpdate: validateSelectorUnchanged,
    prepareForCreate: (object) => withTemplateGeneration(object, "1"),
  },
  "apps/controllerrevisions": {},
};

const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

function withTemplateGeneration<
  T extends { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> } },
>(object: T, value: string): T {
  const annotations = { ...object.metadata.annotations, [TEMPLATE_GENERATION]: value };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
