// Reads what an environment may override, after the merge.

import type { Path } from "../../core/index.ts";
import { isQualifiedName, isRecord, parseDuration } from "../../core/index.ts";
import type { Registry, SlotFacts } from "../contracts/component.ts";
import { indispensableSlot, unknownKey, wrongType } from "../diagnostics.ts";
import type { Recovery } from "../definition.ts";
import { appSchema } from "../intents/app-settings.ts";
import { exposureSchema } from "../intents/exposure.ts";
import { PROVIDER_KEYS, SERVED_PLACES } from "../intents/intent-kinds.ts";
import { roleSchema } from "../intents/role.ts";
import { atEachPlace, intentAt, type ServedSettings } from "../intents/served-intents.ts";
import {
  platformTrafficSchema,
  type PlatformTrafficSettings,
} from "../intents/traffic-settings.ts";
import { tlsSchema, type TlsSettings } from "../intents/tls-policy.ts";
import { providersOf, slotFillers } from "../registry.ts";
import { describeValue } from "../schema/found.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import { ANY_KEYS, record, type KeyRule } from "../schema/record.ts";
import { reference } from "../schema/reference.ts";
import type { ReadContext, Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";
import type {
  ParsedProvider,
  ParsedRecovery,
  ParsedSettings,
  ParsedSlot,
} from "./parsed-definition.ts";
import { readTagged } from "./read-tagged.ts";
import { roadmapSchema } from "./roadmap.ts";
import { readMembers, readNamed } from "./structure.ts";

/** Keys an environment may override, besides the slots. */
export const SETTINGS_KEYS = [
  "providers",
  "apps",
  ...SERVED_PLACES,
  "roles",
  "exposures",
  "tls",
  "traffic",
  "recovery",
  "roadmap",
  "labels",
] as const;

const LABEL_NAMES: KeyRule = {
  expected: 'a label such as "team" or "example.com/team"',
  pattern: "^([-a-z0-9.]+/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$",
  isValid: isQualifiedName,
  suggest: () => "",
};

export const labelsSchema = record(string("labelValue"), LABEL_NAMES);

export const recoverySchema: Schema<Recovery> = object<Recovery>({
  primary: reference("cluster"),
  standby: optional(reference("cluster")),
  rto: string("duration"),
  rpo: record(string("duration"), ANY_KEYS),
});

export function readSettings(
  merged: Readonly<Record<string, unknown>>,
  registry: Registry,
  context: ReadContext,
): ParsedSettings {
  const recovery = readRecovery(own(merged, "recovery"), context);
  const labels = own(merged, "labels");
  const roadmap = readNamed(own(merged, "roadmap"), ["roadmap"], context, roadmapSchema);
  return {
    slots: registry.slots.flatMap((slot) =>
      readSlot(own(merged, slot.name), slot, registry, context),
    ),
    emptied: readEmptied(merged, registry, context),
    providers: readProviders(own(merged, "providers"), registry, context),
    apps: readNamed(own(merged, "apps"), ["apps"], context, appSchema),
    ...atEachPlace<ServedSettings>((place) =>
      readNamed(own(merged, place), [place], context, intentAt(place).schema),
    ),
    roles: readNamed(own(merged, "roles"), ["roles"], context, roleSchema),
    exposures: readNamed(own(merged, "exposures"), ["exposures"], context, exposureSchema),
    tls: readTls(own(merged, "tls"), context),
    traffic: readTraffic(own(merged, "traffic"), context),
    ...(recovery === undefined ? {} : { recovery }),
    roadmap: [...roadmap].map(([name, wish]) => ({ name, path: ["roadmap", name], ...wish })),
    labels: (labels === undefined ? {} : labelsSchema.read(labels, ["labels"], context)) ?? {},
  };
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function readSlot(
  value: unknown,
  slot: SlotFacts,
  registry: Registry,
  context: ReadContext,
): ParsedSlot[] {
  if (value === undefined || isEmptied(value, slot)) return [];
  const candidates = slotFillers(registry, slot.name);
  const read = (filler: unknown, path: Path, key?: string): ParsedSlot | undefined => {
    const place = { place: `${slot.name} component`, candidates };
    const tagged = readTagged(filler, path, place, registry, context);
    return tagged && { slot, path, ...(key === undefined ? {} : { key }), ...tagged };
  };
  if (slot.cardinality === "additive") {
    return [...readMembers(value, [slot.name], context, read).values()];
  }
  const filled = read(value, [slot.name]);
  return filled === undefined ? [] : [filled];
}

/** `null` is a choice only where silence is one: elsewhere it is a line somebody forgot to finish. */
const isEmptied = (value: unknown, { fallback }: SlotFacts): boolean =>
  value === null && fallback !== undefined;

function readEmptied(
  merged: Readonly<Record<string, unknown>>,
  { slots }: Registry,
  { report }: ReadContext,
): ReadonlySet<string> {
  const emptied = slots.filter((slot) => isEmptied(own(merged, slot.name), slot));
  for (const { name, indispensable: reason } of emptied) {
    if (reason !== undefined) report(indispensableSlot([name], { slot: name, reason }));
  }
  return new Set(emptied.map(({ name }) => name));
}

function readProviders(value: unknown, registry: Registry, context: ReadContext): ParsedProvider[] {
  const path = ["providers"];
  if (value === undefined) return [];
  if (!isRecord(value)) {
    const expected = `a record with ${PROVIDER_KEYS.join(", ")}`;
    context.report(wrongType(path, { expected, found: describeValue(value) }));
    return [];
  }
  for (const key of Object.keys(value)) {
    if (!PROVIDER_KEYS.some((one) => one === key)) {
      context.report(unknownKey([...path, key], { key, known: PROVIDER_KEYS }));
    }
  }
  return PROVIDER_KEYS.filter((serves) => Object.hasOwn(value, serves)).flatMap((serves) => {
    const at = [...path, serves];
    const place = { place: `${serves} provider`, candidates: providersOf(registry, serves) };
    const tagged = readTagged(value[serves], at, place, registry, context);
    return tagged === undefined ? [] : [{ serves, path: at, ...tagged }];
  });
}

function readTraffic(value: unknown, context: ReadContext): PlatformTrafficSettings {
  return platformTrafficSchema.read(value ?? {}, ["traffic"], context) ?? { mtls: false };
}

function readTls(value: unknown, context: ReadContext): TlsSettings {
  return tlsSchema.read(value ?? {}, ["tls"], context) ?? { hops: "listed", except: [] };
}

function readRecovery(value: unknown, context: ReadContext): ParsedRecovery | undefined {
  if (value === undefined) return undefined;
  const read = recoverySchema.read(value, ["recovery"], context);
  if (read === undefined) return undefined;
  const { primary, standby, rto, rpo } = read;
  return {
    primary,
    ...(standby === undefined ? {} : { standby }),
    rtoMs: durationMs(rto),
    rpoMs: Object.fromEntries(
      Object.entries(rpo)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, text]) => [name, durationMs(text)]),
    ),
  };
}

/** The schema has seen that it is one. */
export function durationMs(text: string): number {
  return parseDuration(text) ?? 0;
}
