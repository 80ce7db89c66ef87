// Which image serves, and dumps, a database.

import type { PlannedDatabase, Unbound, Versions } from "../../model/index.ts";
import { parseImageReference } from "../../model/index.ts";

/** The catalogue's image of the engine, or the same repository at the line the definition asks for. */
export function engineImage(
  versions: Versions,
  { provider, version }: Pick<Unbound<PlannedDatabase>, "provider" | "version">,
): string {
  const image = versions.image(provider);
  const reference = parseImageReference(image);
  const isCatalogues = reference?.tag === version || reference?.tag?.startsWith(`${version}.`);
  return reference === undefined || isCatalogues === true
    ? image
    : `${reference.repository}:${version}`;
}
