// The rules inside a CustomResourceDefinition have to compile. Where all versions have one schema, the server speaks of it as of the whole
// definition's (apiextensions-apiserver pkg/apis/apiextensions/v1/conversion.go).

import { deepEqual, isRecord } from "../../../core/index.ts";
import {
  fieldSchemaOf,
  type Expressions,
  type KubernetesObject,
  type StatusCause,
} from "../../../kubernetes/index.ts";
import { recordAt, recordsAt } from "./fields.ts";

export function validateDefinitionRules(
  expressions: Expressions,
  definition: KubernetesObject,
  old: KubernetesObject | undefined,
): readonly StatusCause[] {
  const schemas = schemasOf(definition);
  // What is stored has compiled once; a newer server would not refuse it either.
  if (old !== undefined && deepEqual(schemas, schemasOf(old))) return [];
  const [first] = schemas;
  const isShared = schemas.every((schema) => deepEqual(schema, first));
  return (isShared ? schemas.slice(0, 1) : schemas).flatMap((schema, index) => {
    if (!isRecord(schema)) return [];
    const field = isShared ? "spec.validation" : `spec.versions[${index}].schema`;
    return expressions.definitionRuleCauses(fieldSchemaOf(schema), `${field}.openAPIV3Schema`);
  });
}

function schemasOf(definition: KubernetesObject): readonly unknown[] {
  return recordsAt(recordAt(definition, "spec"), "versions").map(
    (version) => recordAt(version, "schema")["openAPIV3Schema"],
  );
}
