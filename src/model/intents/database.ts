// Databases: one a name, with an engine. How they are written, read and planned.

import type { Binding, PlannedIntent } from "../contracts/plan.ts";
import { parseImageReference } from "../image-reference.ts";
import { union } from "../schema/choice.ts";
import { integer } from "../schema/number.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import { reference } from "../schema/reference.ts";
import type { Schema, Tagged } from "../schema/schema.ts";
import { string } from "../schema/string.ts";
import { defineIntent } from "./define-intent.ts";

export type DatabaseEngine = "postgres" | "mysql" | "mongodb";

/** `kind` is the engine. */
export type Database =
  | Tagged<"postgres", ServedDatabase>
  | Tagged<"mysql", ServedDatabase>
  | Tagged<"mongodb", ServedDatabase>;

export interface ServedDatabase {
  /** Servers that hold all of its data. Default 1; needs a provider that replicates when above 1. */
  instances?: number;
  /** Volume per instance. Default 5Gi. */
  storage?: string;
  /** Name of a cluster that keeps a replica. */
  replicateTo?: string;
  /** Version line, e.g. "18" of PostgreSQL, "8.4" of MySQL. Default: the catalogue's. */
  version?: string;
}

interface ServedSettings {
  readonly instances: number;
  readonly storage: string;
  readonly replicateTo?: string;
  readonly version?: string;
}

export type DatabaseSettings =
  | Tagged<"postgres", ServedSettings>
  | Tagged<"mysql", ServedSettings>
  | Tagged<"mongodb", ServedSettings>;

export interface PlannedDatabase extends PlannedIntent {
  readonly kind: "database";
  readonly provider: DatabaseEngine;
  readonly instances: number;
  readonly storage: string;
  readonly version: string;
  readonly binding: Binding;
}

/** A PostgreSQL database. */
export function postgres(options: ServedDatabase = {}): Tagged<"postgres", ServedDatabase> {
  return { kind: "postgres", ...options };
}

/** A MySQL database. */
export function mysql(options: ServedDatabase = {}): Tagged<"mysql", ServedDatabase> {
  return { kind: "mysql", ...options };
}

/** A MongoDB database. */
export function mongodb(options: ServedDatabase = {}): Tagged<"mongodb", ServedDatabase> {
  return { kind: "mongodb", ...options };
}

/** PostgreSQL's lines have one number, those of the others two. */
const MAJOR = versionLine('a major version such as "18"', "^[1-9][0-9]?$");
const MAJOR_MINOR = (example: string) =>
  versionLine(`a version line such as "${example}"`, "^[1-9][0-9]?\\.[0-9]{1,2}$");

function versionLine(expected: string, pattern: string) {
  const form = new RegExp(pattern);
  return {
    expected,
    problem: (text: string) => (form.test(text) ? undefined : ""),
    jsonSchema: { pattern },
  };
}

type Lines = ReturnType<typeof versionLine>;

const served = (line: Lines): Schema<ServedDatabase, ServedSettings> =>
  object<ServedDatabase, ServedSettings>({
    instances: optional(integer({ min: 1, max: 9 }), 1),
    storage: optional(string("quantity"), "5Gi"),
    replicateTo: optional(reference("cluster")),
    version: optional(string(line)),
  });

export const databaseSchema: Schema<Database, DatabaseSettings> = union<Database, DatabaseSettings>(
  "database",
  {
    postgres: served(MAJOR),
    mysql: served(MAJOR_MINOR("8.4")),
    mongodb: served(MAJOR_MINOR("8.0")),
  },
);

export const databaseIntent = defineIntent<DatabaseSettings, PlannedDatabase>({
  kind: "database",
  schema: databaseSchema,
  servedBy: ({ kind }) => kind,
  plan: ({ scale, versions }, named, { kind, instances, storage, version }) => ({
    kind: "database",
    provider: kind,
    ...named,
    instances: scale === "single" ? 1 : instances,
    storage,
    version: version ?? lineOf(versions.image(kind), kind === "postgres" ? 1 : 2),
  }),
});

/** `docker.io/library/postgres:18.6` → `18`. */
function lineOf(image: string, numbers: number): string {
  const tag = parseImageReference(image)?.tag ?? "";
  return tag.split(/[.-]/).slice(0, numbers).join(".");
}
