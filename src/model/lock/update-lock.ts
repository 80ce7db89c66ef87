// What `keelson update` writes. Stable: an entry that is there stays unless it is asked to move, and an allocation never
// moves at all.

import type { Diagnostic } from "../../core/index.ts";
import { hasErrors } from "../../core/index.ts";
import type { Outcome } from "../contracts/emission.ts";
import type { AppSettings } from "../intents/app-settings.ts";
import { parseImageReference } from "../image-reference.ts";
import type { ParsedDefinition, ParsedEnvironment } from "../parse/parsed-definition.ts";
import { firstAppVersion, unknownEntry } from "./diagnostics.ts";
import { lockChanges, type LockChange } from "./lock-changes.ts";
import { LOCK_VERSION, type Lock, type LockedChart, type VersionCatalogue } from "./lock.ts";
import { allocateRanges } from "./routable-ranges.ts";

/** semver.org, FAQ: "The simplest thing to do is start your initial development release at 0.1.0". */
const FIRST_APP_VERSION = "0.1.0";

export interface UpdateRequest {
  /** Names of charts and images that take the catalogue's version; `all` for every one. Default: none. */
  readonly move?: readonly string[] | "all";
  /** New image versions by app. */
  readonly apps?: Readonly<Record<string, string>>;
}

export interface LockUpdate {
  readonly lock: Lock;
  /** Sorted by section and name; what stayed is not listed. */
  readonly changes: readonly LockChange[];
}

export function updateLock(
  definition: ParsedDefinition,
  catalogue: VersionCatalogue,
  previous: Lock | undefined,
  { move = [], apps = {} }: UpdateRequest = {},
): Outcome<LockUpdate> {
  const moves = (name: string): boolean => move === "all" || move.includes(name);
  const { ranges, diagnostics } = allocateRanges(definition, previous?.ranges ?? {});
  const versions = appVersions(definition, { ...previous?.apps, ...apps });
  const lock: Lock = {
    version: LOCK_VERSION,
    catalogue: move === "all" || previous === undefined ? catalogue.date : previous.catalogue,
    charts: pinned(chartPins(catalogue), previous?.charts ?? {}, moves),
    images: pinned(imageReferences(catalogue), previous?.images ?? {}, moves),
    ranges,
    apps: versions.apps,
  };
  const unknown = unknownNames({ move, apps }, catalogue, Object.keys(versions.apps));
  const found: Diagnostic[] = [...unknown, ...diagnostics, ...versions.diagnostics];
  if (hasErrors(found)) return { diagnostics: found };
  return { value: { lock, changes: lockChanges(previous, lock) }, diagnostics: found };
}

function unknownNames(
  { move, apps }: Required<UpdateRequest>,
  { charts, images }: VersionCatalogue,
  openApps: readonly string[],
): Diagnostic[] {
  const pins = [...Object.keys(charts), ...Object.keys(images)].toSorted();
  const wanted = move === "all" ? [] : move;
  return [
    ...wanted
      .filter((name) => !pins.includes(name))
      .map((name) => unknownEntry([], { name, what: "chart or image", known: pins })),
    ...Object.keys(apps)
      .filter((name) => !openApps.includes(name))
      .map((name) =>
        unknownEntry([], {
          name,
          what: "app that leaves its version to the lock",
          known: openApps,
        }),
      ),
  ];
}

/** Exactly the catalogue's names: at the version they had, or at the catalogue's. */
function pinned<Entry>(
  offered: Readonly<Record<string, Entry>>,
  previous: Readonly<Record<string, Entry>>,
  moves: (name: string) => boolean,
): Record<string, Entry> {
  return Object.fromEntries(
    Object.entries(offered).map(([name, entry]) => {
      const kept = Object.hasOwn(previous, name) && !moves(name) ? previous[name] : undefined;
      return [name, kept ?? entry];
    }),
  );
}

/** Without what the catalogue knows besides. */
export function chartPins({ charts }: VersionCatalogue): Record<string, LockedChart> {
  return Object.fromEntries(
    Object.entries(charts).map(([name, { repository, chart, version, appVersion }]) => [
      name,
      { repository, chart, version, appVersion },
    ]),
  );
}

export function imageReferences({ images }: VersionCatalogue): Record<string, string> {
  return Object.fromEntries(
    Object.entries(images).map(([name, { repository, tag }]) => [name, `${repository}:${tag}`]),
  );
}

/** Of every app that leaves its version to the lock, in any environment. */
function appVersions(
  { environments }: ParsedDefinition,
  known: Readonly<Record<string, string>>,
): { readonly apps: Record<string, string>; readonly diagnostics: readonly Diagnostic[] } {
  const settings = [...environments.values()].flatMap(appsOf);
  const open = settings.filter(([, { image }]) => !hasVersion(image)).map(([name]) => name);
  const names = [...new Set(open)].toSorted();
  const apps = names.map((name) => [name, ownText(known, name) ?? FIRST_APP_VERSION] as const);
  const first = names.filter((name) => ownText(known, name) === undefined);
  return {
    apps: Object.fromEntries(apps),
    diagnostics: first.map((app) =>
      firstAppVersion(["apps", app, "image"], { app, version: FIRST_APP_VERSION }),
    ),
  };
}

/** The environment's, and those of clusters that have others. */
export function appsOf({ settings, exceptions }: ParsedEnvironment): [string, AppSettings][] {
  return [settings, ...[...exceptions.values()].map((own) => own.settings)].flatMap(({ apps }) => [
    ...apps,
  ]);
}

/** Whether the reference itself says which image runs. */
export function hasVersion(image: string): boolean {
  const reference = parseImageReference(image);
  return reference?.tag !== undefined || reference?.digest !== undefined;
}

function ownText(record: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
