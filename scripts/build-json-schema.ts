// Writes `platform.schema.json`, the JSON Schema of the definition: structure from the built model, prose from the doc comments
// of the interfaces in `src/`. Nothing about the definition is repeated here.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { isRecord, type JsonObject } from "../src/core/index.ts";
import { describeSchema } from "./describe-schema.ts";
import { readDocComments } from "./doc-comments.ts";
import { REPOSITORY } from "./run-command.ts";

/** Says what it wrote; throws when the built model gives something that is no schema. */
export async function writeJsonSchema(dist: string): Promise<string> {
  const { definitionJsonSchema } = await importBuilt(dist, "model");
  const { registry } = await importBuilt(dist, "components");
  if (typeof definitionJsonSchema !== "function" || registry === undefined) {
    throw new Error("src/model exports no definitionJsonSchema, or src/components no registry");
  }
  const schema: unknown = definitionJsonSchema(registry);
  if (!isSchema(schema)) throw new Error("definitionJsonSchema() returned no JSON Schema");
  const described = describeSchema(schema, readDocComments(join(REPOSITORY, "src")));
  const text = JSON.stringify(described, null, 2) + "\n";
  writeFileSync(join(dist, "platform.schema.json"), text);
  return `platform.schema.json, ${Math.round(text.length / 1000)} kB`;
}

async function importBuilt(dist: string, room: string): Promise<Record<string, unknown>> {
  const module: unknown = await import(pathToFileURL(join(dist, room, "index.js")).href);
  return isRecord(module) ? module : {};
}

function isSchema(value: unknown): value is JsonObject {
  return isRecord(value) && typeof value["$schema"] === "string";
}
