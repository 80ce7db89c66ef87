// Writes `platform.schema.json`, the JSON Schema of the definition, from the built model.
// The model's own schema is the one source; nothing about the definition is repeated here.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The name under which `src/model/index.ts` exports the schema's builder. */
const EXPORT = "definitionJsonSchema";

/** Says what it wrote; throws when the model exports something that is not a schema. */
export async function writeJsonSchema(dist: string): Promise<string> {
  const model: unknown = await import(pathToFileURL(join(dist, "model", "index.js")).href);
  const build = readProperty(model, EXPORT);
  if (build === undefined) return `not written: src/model/index.ts exports no ${EXPORT}`;
  if (typeof build !== "function") throw new Error(`${EXPORT} is not a function`);
  const schema: unknown = build();
  if (readProperty(schema, "$schema") === undefined) {
    throw new Error(`${EXPORT}() returned no JSON Schema: it has no $schema`);
  }
  const text = JSON.stringify(schema, null, 2) + "\n";
  writeFileSync(join(dist, "platform.schema.json"), text);
  return `platform.schema.json, ${Math.round(text.length / 1000)} kB`;
}

function readProperty(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
