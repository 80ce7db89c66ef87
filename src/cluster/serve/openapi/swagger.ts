// The single document of OpenAPI v2: what v3 says, in the older words. kubectl up to 1.28 applies and explains by it, and every
// version looks here for kinds it does not find elsewhere. Mirrors k8s.io/kube-openapi pkg/openapiconv, the other way round.

import { isRecord } from "../../../core/index.ts";
import type { ServedGroup } from "../discovery/served-groups.ts";
import { createComponents } from "./components.ts";
import type { OpenApiNode } from "./components.ts";
import { INFO } from "./documents.ts";
import { pathsOf } from "./operations.ts";

const PREFIX = "#/definitions/";

export function swaggerDocument(groups: readonly ServedGroup[]): OpenApiNode {
  const components = createComponents(PREFIX);
  const paths: Record<string, unknown> = {};
  for (const { facts } of groups.flatMap(({ versions }) => versions.flatMap((v) => v.resources))) {
    const reference = { $ref: PREFIX + components.addKind(facts) };
    for (const [path, item] of Object.entries(pathsOf(facts, reference)))
      paths[path] = swaggerPath(item);
  }
  return {
    swagger: "2.0",
    info: INFO,
    paths,
    definitions: mapValues(components.schemas, swaggerSchema),
  };
}

/** v2 has neither alternatives nor null; a reference keeps what stands beside it. */
function swaggerSchema(node: unknown): unknown {
  if (!isRecord(node)) return node;
  const { allOf, anyOf: _any, oneOf: _one, not: _not, nullable: _nullable, ...rest } = node;
  const [only] = Array.isArray(allOf) && allOf.length === 1 ? (allOf as readonly unknown[]) : [];
  const reference = isRecord(only) && "$ref" in only ? { $ref: only["$ref"] } : {};
  const { properties, items, additionalProperties } = rest;
  return {
    ...reference,
    ...rest,
    ...(isRecord(properties) ? { properties: mapValues(properties, swaggerSchema) } : {}),
    ...(items === undefined ? {} : { items: swaggerSchema(items) }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: swaggerSchema(additionalProperties) }),
  };
}

function swaggerPath(item: OpenApiNode): OpenApiNode {
  const { parameters, ...operations } = item;
  return { ...mapValues(operations, swaggerOperation), parameters: listOf(parameters, flatten) };
}

function swaggerOperation(operation: unknown): unknown {
  if (!isRecord(operation)) return operation;
  const { parameters, requestBody, responses, ...rest } = operation;
  const body = contentOf(requestBody);
  const inBody = body && { name: "body", in: "body", required: true, schema: body.schema };
  return {
    ...rest,
    ...(body === undefined ? {} : { consumes: body.types }),
    parameters: [...(inBody === undefined ? [] : [inBody]), ...listOf(parameters, flatten)],
    responses: isRecord(responses) ? mapValues(responses, swaggerResponse) : {},
  };
}

function swaggerResponse(response: unknown): unknown {
  const description = isRecord(response) ? response["description"] : undefined;
  return { description, schema: contentOf(response)?.schema };
}

/** The media types of a body and the schema they share. */
function contentOf(
  holder: unknown,
): { readonly types: readonly string[]; readonly schema: unknown } | undefined {
  const content = isRecord(holder) ? holder["content"] : undefined;
  if (!isRecord(content)) return undefined;
  const [first] = Object.values(content);
  return { types: Object.keys(content), schema: isRecord(first) ? first["schema"] : undefined };
}

/** A parameter's type stands beside its name. */
function flatten(parameter: unknown): unknown {
  if (!isRecord(parameter)) return parameter;
  const { schema, ...rest } = parameter;
  return { ...rest, ...(isRecord(schema) ? schema : {}) };
}

function listOf(value: unknown, change: (one: unknown) => unknown): readonly unknown[] {
  return Array.isArray(value) ? value.map(change) : [];
}

function mapValues(record: OpenApiNode, change: (value: unknown) => unknown): OpenApiNode {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
