// The package door: what a definition imports. `definePlatform` only names the type, so that an editor completes a literal;
// the helpers only return tagged data. Nothing here reads a disk or starts anything.

import type { ShippedKinds } from "./components/index.ts";
import type { PlatformDefinition } from "./model/index.ts";

export * from "./components/index.ts";
export {
  blueGreen,
  cache,
  canary,
  infraProv,
  mongodb,
  mysql,
  postgres,
  queue,
  rolling,
  stream,
} from "./model/index.ts";
export type {
  App,
  Bucket,
  Cache,
  Database,
  Dev,
  Environment,
  ExternalService,
  Overridable,
  Override,
  PlatformDefinition,
  Queue,
  Recovery,
  Release,
  Resources,
  RoadmapItem,
  Role,
  Route,
  Scale,
  SecretRequest,
  ServedDatabase,
  Settings,
  Stream,
  Structure,
} from "./model/index.ts";

/** A definition of the shipped kinds. */
export type Platform = PlatformDefinition<ShippedKinds>;

/** Returns its argument: plain data, checked by the compiler and completed by the editor. */
export function definePlatform(definition: Platform): Platform {
  return definition;
}
