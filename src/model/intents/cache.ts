// Caches that speak the Redis protocol: how they are written, read and planned.

import type { Diagnostic, Path } from "../../core/index.ts";
import type { Binding, PlannedIntent } from "../contracts/plan.ts";
import { contradiction } from "../diagnostics.ts";
import { boolean, oneOf } from "../schema/choice.ts";
import { list } from "../schema/list.ts";
import { integer } from "../schema/number.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import { refine } from "../schema/refine.ts";
import type { Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";
import { defineIntent } from "./define-intent.ts";

/** `cache`: can be read again elsewhere; `sessions`: expire by themselves; `structures`: kept until they are removed. */
export type CacheUse = "cache" | "sessions" | "structures";
/** `none`: empty after a restart; `snapshot`: loses minutes; `append-only`: loses a second. */
export type CachePersistence = "none" | "snapshot" | "append-only";

export interface Cache {
  /** Read-only copies beside the primary, where the environment is highly available. Default 2. */
  replicas?: number;
  /** A replica takes over when the primary is lost. Default true where there are replicas. */
  failover?: boolean;
  /** What survives a restart. Default: none for a cache alone, append-only as soon as sessions or structures are kept. */
  persistence?: "none" | "snapshot" | "append-only";
  /** Volume per server. Default 1Gi. */
  storage?: string;
  /** Data a server holds before it evicts or refuses. Default 128Mi. */
  memory?: string;
  /** What it holds, which decides what may be evicted when it is full. Default: all three. */
  use?: CacheUse[];
}

export interface CacheSettings {
  readonly replicas: number;
  readonly failover?: boolean;
  readonly persistence?: CachePersistence;
  readonly storage: string;
  readonly memory: string;
  readonly use: readonly CacheUse[];
}

export interface PlannedCache extends PlannedIntent {
  readonly kind: "cache";
  readonly provider: "cache";
  readonly replicas: number;
  readonly failover: boolean;
  readonly persistence: CachePersistence;
  readonly storage: string;
  readonly memory: string;
  readonly use: readonly CacheUse[];
  readonly binding: Binding;
}

/** A cache that speaks the Redis protocol. */
export function cache(options: Cache = {}): Cache {
  return { ...options };
}

const USES = ["cache", "sessions", "structures"] as const;

export const cacheSchema: Schema<Cache, CacheSettings> = refine(
  object<Cache, CacheSettings>({
    replicas: optional(integer({ min: 0, max: 5 }), 2),
    failover: optional(boolean()),
    persistence: optional(oneOf(["none", "snapshot", "append-only"])),
    storage: optional(string("quantity"), "1Gi"),
    memory: optional(string("quantity"), "128Mi"),
    use: optional(list(oneOf(USES), { min: 1 }), [...USES]),
  }),
  checkFailover,
);

function checkFailover({ replicas, failover }: CacheSettings, path: Path): Diagnostic[] {
  if (failover !== true || replicas > 0) return [];
  const message = "failover needs a replica to fail over to";
  return [contradiction([...path, "failover"], { message, hint: "set replicas to at least 1" })];
}

export const cacheIntent = defineIntent<CacheSettings, PlannedCache>({
  kind: "cache",
  schema: cacheSchema,
  servedBy: () => "cache",
  plan: ({ scale }, named, settings) => {
    const { failover = true, storage, memory, use } = settings;
    const replicas = scale === "single" ? 0 : settings.replicas;
    const isCacheOnly = use.every((one) => one === "cache");
    return {
      kind: "cache",
      provider: "cache",
      ...named,
      replicas,
      failover: replicas > 0 && failover,
      persistence: settings.persistence ?? (isCacheOnly ? "none" : "append-only"),
      storage,
      memory,
      use,
    };
  },
});
