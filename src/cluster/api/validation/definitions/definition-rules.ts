// The rules inside a CustomResourceDefinition have to compile and to be affordable. Where all versions have one schema, the server speaks of it
// as of the whole definition's (apiextensions-apiserver pkg/apis/apiextensions/v1/conversion.go).

import { deepEqual, isRecord } from "../../../../core/index.ts";
import {
  fieldSchemaOf,
  type Expressions,
  type KubernetesObject,
  type StatusCause,
} from "../../../../kubernetes/index.ts";
import { recordAt, recordsAt, textAt } from "../fields.ts";

interface VersionSchema {
  readonly version: string;
  readonly schema: unknown;
}

/**
 * Whether there is anything for the language to say. Of a schema that is wrong a server does not look at the rules. What is stored has
 * compiled once; a newer server would not refuse it either.
 */
export function bringsRules(
  definition: KubernetesObject,
  old: KubernetesObject | undefined,
  causes: readonly StatusCause[],
): boolean {
  if (causes.some(({ field }) => field?.includes(".openAPIV3Schema"))) return false;
  const schemas = schemasOf(definition);
  if (old !== undefined && deepEqual(schemas, schemasOf(old))) return false;
  return schemas.some(({ schema }) => mentionsRules(schema));
}

function mentionsRules(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(mentionsRules);
  if (!isRecord(value)) return false;
  return (
    Object.hasOwn(value, "x-kubernetes-validations") || Object.values(value).some(mentionsRules)
  );
}

export function validateDefinitionRules(
  expressions: Expressions,
  definition: KubernetesObject,
  old: KubernetesObject | undefined,
): readonly StatusCause[] {
  const schemas = schemasOf(definition);
  const stored = old === undefined ? [] : schemasOf(old);
  const isShared = schemas.every(({ schema }) => deepEqual(schema, schemas[0]?.schema));
  return (isShared ? schemas.slice(0, 1) : schemas).flatMap((each, index) => {
    if (!isRecord(each.schema)) return [];
    const field = isShared ? "spec.validation" : `spec.versions[${index}].schema`;
    // As validation.go findVersionsWithUnchangedSchemas has it.
    const isStored = stored.some((before) => deepEqual(before, each));
    return expressions.definitionRuleCauses(
      fieldSchemaOf(each.schema),
      `${field}.openAPIV3Schema`,
      isStored,
    );
  });
}

function schemasOf(definition: KubernetesObject): readonly VersionSchema[] {
  return recordsAt(recordAt(definition, "spec"), "versions").map((version) => ({
    version: textAt(version, "name"),
    schema: recordAt(version, "schema")["openAPIV3Schema"],
  }));
}
