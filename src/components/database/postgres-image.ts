// Which PostgreSQL image serves, and dumps, a database.

import type { Versions } from "../../model/index.ts";
import { parseImageReference } from "../../model/index.ts";

/** The catalogue's image, or the same repository at the major version the definition asks for. */
export function postgresImage(versions: Versions, major: string): string {
  const image = versions.image("postgres");
  const reference = parseImageReference(image);
  const isCatalogues = reference?.tag?.split(".")[0] === major;
  return reference === undefined || isCatalogues ? image : `${reference.repository}:${major}`;
}
