// How CustomResourceDefinitions deviate. Mirrors apiextensions-apiserver pkg/registry/customresourcedefinition.

import { formatInstant } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { CLEANUP_FINALIZER } from "../custom-resources/definition-cleanup.ts";
import {
  initialStatus,
  storageVersionOf,
  withTerminatingCondition,
} from "../custom-resources/definition-status.ts";
import { CUSTOM_RESOURCE_DEFINITION } from "../defaults/others.ts";
import type { Strategy, WriteContext } from "../strategy.ts";
import {
  bringsRules,
  validateDefinitionRules,
} from "../validation/definitions/definition-rules.ts";
import {
  validateDefinition,
  validateDefinitionUpdate,
  validateNewDefinition,
} from "../validation/definitions/definition.ts";
import { recordAt } from "../validation/fields.ts";

export const DEFINITION_STRATEGY: Partial<Strategy> = {
  generation: "spec",
  unconditionalUpdate: false,
  defaults: CUSTOM_RESOURCE_DEFINITION,
  prepareForCreate: (definition) => ({ ...definition, status: initialStatus(definition) }),
  prepareForUpdate: withStoredVersion,
  validate: validateDefinition,
  validateCreate: validateNewDefinition,
  validateUpdate: validateDefinitionUpdate,
  holdsExpressions: bringsRules,
  validateExpressions: validateDefinitionRules,
  beginDelete: withCleanup,
};

/** The instances go first: a finalizer holds the definition until they have. */
function withCleanup(definition: KubernetesObject, { api }: WriteContext): KubernetesObject {
  const { finalizers = [] } = definition.metadata;
  if (finalizers.includes(CLEANUP_FINALIZER)) return definition;
  const metadata = { ...definition.metadata, finalizers: [...finalizers, CLEANUP_FINALIZER] };
  return withTerminatingCondition({ ...definition, metadata }, formatInstant(api.clock.now()));
}

function withStoredVersion(definition: KubernetesObject): KubernetesObject {
  const status = recordAt(definition, "status");
  const stored = Array.isArray(status["storedVersions"]) ? status["storedVersions"] : [];
  const version = storageVersionOf(definition);
  if (stored.includes(version)) return definition;
  return { ...definition, status: { ...status, storedVersions: [...stored, version] } };
}
