// A definition that was read: every kind found, every default filled in that needs no cluster, every name known to exist.
// Collections are sorted by name, so that nothing later depends on the order a person wrote.

import type { Path } from "../../core/index.ts";
import type {
  AnyLink,
  AnyProvider,
  AnySite,
  AnySlotFiller,
  AnySubstrate,
  SlotFacts,
} from "../contracts/component.ts";
import type { PlannedWish, ScaleMode } from "../contracts/plan.ts";
import type { Packaging } from "../contracts/compiled.ts";
import type { AppSettings } from "../intents/app-settings.ts";
import type { ExposureSettings } from "../intents/exposure.ts";
import type { ServedBy } from "../intents/intent-kinds.ts";
import type { Role } from "../intents/role.ts";
import type { ServedSettings } from "../intents/served-intents.ts";
import type { PlatformTrafficSettings } from "../intents/traffic-settings.ts";
import type { TlsSettings } from "../intents/tls-policy.ts";
import type { OriginOf } from "../merge.ts";
import type { TreeLayout } from "../tree-layout.ts";

export interface ParsedDefinition {
  readonly name: string;
  readonly domain: string;
  readonly packaging: Packaging;
  readonly layout: TreeLayout;
  readonly sites: ReadonlyMap<string, ParsedSite>;
  /** In the order written. */
  readonly links: readonly ParsedLink[];
  readonly clusters: ReadonlyMap<string, ParsedCluster>;
  readonly environments: ReadonlyMap<string, ParsedEnvironment>;
}

export interface ParsedSite {
  readonly name: string;
  readonly component: AnySite;
  readonly options: unknown;
  readonly path: Path;
}

export interface ParsedLink {
  readonly component: AnyLink;
  readonly options: unknown;
  /** Names of sites. */
  readonly between: readonly string[];
  readonly path: Path;
}

export interface ParsedCluster {
  readonly name: string;
  readonly site: string;
  readonly component: AnySubstrate;
  readonly options: unknown;
  readonly path: Path;
}

export interface ParsedEnvironment {
  readonly name: string;
  /** The first is the primary. */
  readonly clusters: readonly string[];
  readonly scale: ScaleMode;
  readonly domain?: string;
  readonly path: Path;
  readonly settings: ParsedSettings;
  /** Where a value of `settings` was written: `backup.databases.keep` → `overrides.prod.backup.databases.keep`. */
  readonly originOf: OriginOf;
  /** By name: clusters whose settings differ from their environment's. */
  readonly exceptions: ReadonlyMap<string, ClusterSettings>;
}

/** The settings of one cluster of an environment, after its own override. */
export interface ClusterSettings {
  readonly settings: ParsedSettings;
  readonly originOf: OriginOf;
}

/** What an environment may override, after the merge. Paths are those of the merged whole. */
export interface ParsedSettings extends ServedSettings {
  /** In slot order, then by key. */
  readonly slots: readonly ParsedSlot[];
  /** Names of slots that stay empty, whatever would fill them unasked. */
  readonly emptied: ReadonlySet<string>;
  readonly providers: readonly ParsedProvider[];
  readonly apps: ReadonlyMap<string, AppSettings>;
  readonly roles: ReadonlyMap<string, Role>;
  readonly exposures: ReadonlyMap<string, ExposureSettings>;
  readonly tls: TlsSettings;
  readonly traffic: PlatformTrafficSettings;
  readonly recovery?: ParsedRecovery;
  /** Sorted by name. */
  readonly roadmap: readonly PlannedWish[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface ParsedSlot {
  readonly slot: SlotFacts;
  readonly key?: string;
  readonly component: AnySlotFiller;
  readonly options: unknown;
  readonly path: Path;
}

export interface ParsedProvider {
  readonly serves: ServedBy;
  readonly component: AnyProvider;
  readonly options: unknown;
  readonly path: Path;
}

export interface ParsedRecovery {
  readonly primary: string;
  readonly standby?: string;
  readonly rtoMs: number;
  /** By class of data. */
  readonly rpoMs: Readonly<Record<string, number>>;
}
