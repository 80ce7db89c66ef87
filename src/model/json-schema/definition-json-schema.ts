// JSON Schema 2020-12 of a definition, for editors of `platform.yaml`: the same schemas that read one, printed. Prose is added
// by the build from the interfaces' doc comments.

import type { JsonObject } from "../../core/index.ts";
import type { AnyComponent, Registry } from "../contracts/component.ts";
import { appSchema } from "../intents/app-settings.ts";
import { exposureSchema } from "../intents/exposure.ts";
import { PROVIDER_KEYS, SERVED_PLACES } from "../intents/intent-kinds.ts";
import { roleSchema } from "../intents/role.ts";
import { intentAt } from "../intents/served-intents.ts";
import { platformTrafficSchema } from "../intents/traffic-settings.ts";
import { tlsSchema } from "../intents/tls-policy.ts";
import { packagingSchema } from "../parse/parse-definition.ts";
import { environmentSchema } from "../parse/environments.ts";
import { roadmapSchema } from "../parse/roadmap.ts";
import { CLUSTER_OVERRIDES } from "../parse/overrides.ts";
import { labelsSchema, recoverySchema } from "../parse/settings.ts";
import { linkKinds, providersOf, siteKinds, slotFillers, substrates } from "../registry.ts";
import { taggedJsonSchema } from "../schema/choice.ts";
import { list } from "../schema/list.ts";
import { LABEL_KEYS, NAME_KEYS, type KeyRule } from "../schema/record.ts";
import { reference } from "../schema/reference.ts";
import { string } from "../schema/string.ts";
import { treeLayoutSchema } from "../tree-layout.ts";
import { asOverride } from "./override-json-schema.ts";

export function definitionJsonSchema(registry: Registry): JsonObject {
  const settings = settingsProperties(registry);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Keelson platform",
    type: "object",
    properties: {
      name: string("dnsLabel").jsonSchema(),
      domain: string("domain").jsonSchema(),
      packaging: packagingSchema.jsonSchema(),
      layout: treeLayoutSchema.jsonSchema(),
      sites: some(byName(anyOf(siteKinds(registry)))),
      links: { type: "array", items: anyOf(linkKinds(registry), BETWEEN) },
      clusters: some(byName(anyOf(substrates(registry), SITE))),
      environments: some(byName(environmentSchema.jsonSchema())),
      ...settings,
      overrides: byName(environmentOverride(settings)),
    },
    required: ["name", "domain", "sites", "clusters", "environments"],
    additionalProperties: false,
  };
}

/** Of an environment, and below `clusters` of single clusters of it. */
function environmentOverride(settings: JsonObject): JsonObject {
  const form = { type: "object", properties: settings, additionalProperties: false } as const;
  const { properties, ...rest } = asOverride(form);
  const clusters = byName(asOverride(form));
  return { ...rest, properties: { ...(properties as JsonObject), [CLUSTER_OVERRIDES]: clusters } };
}

/** Keys that belong to the place and not to the component. */
const SITE = { site: reference("site").jsonSchema() };
const BETWEEN = { between: list(reference("site"), { min: 1 }).jsonSchema() };

function settingsProperties(registry: Registry): JsonObject {
  const slots = registry.slots.map(({ name, cardinality, fallback, indispensable }) => {
    const filler = anyOf(slotFillers(registry, name));
    const filled = cardinality === "additive" ? byName(filler) : filler;
    const canBeEmpty = fallback !== undefined && indispensable === undefined;
    return [name, canBeEmpty ? { anyOf: [filled, { type: "null" }] } : filled] as const;
  });
  const providers = PROVIDER_KEYS.map(
    (serves) => [serves, anyOf(providersOf(registry, serves))] as const,
  );
  const served = SERVED_PLACES.map(
    (place) => [place, byName(intentAt(place).schema.jsonSchema(), NAME_KEYS)] as const,
  );
  return {
    ...Object.fromEntries(slots),
    providers: {
      type: "object",
      properties: Object.fromEntries(providers),
      additionalProperties: false,
    },
    apps: byName(appSchema.jsonSchema(), NAME_KEYS),
    ...Object.fromEntries(served),
    roles: byName(roleSchema.jsonSchema(), NAME_KEYS),
    exposures: byName(exposureSchema.jsonSchema(), NAME_KEYS),
    tls: tlsSchema.jsonSchema(),
    traffic: platformTrafficSchema.jsonSchema(),
    recovery: recoverySchema.jsonSchema(),
    roadmap: byName(roadmapSchema.jsonSchema(), NAME_KEYS),
    labels: labelsSchema.jsonSchema(),
  };
}

function anyOf(components: readonly AnyComponent[], placed: JsonObject = {}): JsonObject {
  // Nothing fits where nothing is shipped.
  if (components.length === 0) return { not: {} };
  return {
    anyOf: components.map(({ name, options }) =>
      taggedJsonSchema(name, withProperties(options.jsonSchema(), placed)),
    ),
  };
}

function withProperties(schema: JsonObject, placed: JsonObject): JsonObject {
  const { properties, required } = schema;
  const names = new Set([...Object.keys(placed), ...(Array.isArray(required) ? required : [])]);
  return {
    ...schema,
    properties: { ...placed, ...(properties as JsonObject | undefined) },
    ...(names.size === 0 ? {} : { required: [...names] }),
  };
}

function byName(member: JsonObject, { pattern }: KeyRule = LABEL_KEYS): JsonObject {
  return {
    type: "object",
    propertyNames: { pattern },
    additionalProperties: member,
  };
}

function some(record: JsonObject): JsonObject {
  return { ...record, minProperties: 1 };
}
