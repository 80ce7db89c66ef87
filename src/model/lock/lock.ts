// `keelson.lock`: what must not move by itself. Compiling reads it; only `keelson update` changes it.

import { object } from "../schema/object.ts";
import { oneOf } from "../schema/choice.ts";
import { optional } from "../schema/optional.ts";
import { ANY_KEYS, record } from "../schema/record.ts";
import type { Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";

export const LOCK_FILE = "keelson.lock";
/** Of the file's form; a change that old versions cannot read raises it. */
export const LOCK_VERSION = 1;

export interface Lock {
  readonly version: typeof LOCK_VERSION;
  /** ISO date of the catalogue the versions were taken from. */
  readonly catalogue: string;
  /** By catalogue name. */
  readonly charts: Readonly<Record<string, LockedChart>>;
  /** Image references with tag, and digest where known, by catalogue name. */
  readonly images: Readonly<Record<string, string>>;
  /** Ranges given to clusters that state none, by cluster. */
  readonly ranges: Readonly<Record<string, LockedRanges>>;
  /** Image versions of apps whose image has none: a tag, or `tag@sha256:…`, by app. */
  readonly apps: Readonly<Record<string, string>>;
}

export interface LockedChart {
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  readonly appVersion: string;
}

export interface LockedRanges {
  readonly pods: string;
  readonly services: string;
}

/** The part of the catalogue a lock pins. */
export interface VersionCatalogue {
  readonly date: string;
  readonly charts: Readonly<Record<string, LockedChart>>;
  readonly images: Readonly<Record<string, { readonly repository: string; readonly tag: string }>>;
}

const DATE = {
  expected: 'a date such as "2026-11-20"',
  problem: (text: string) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? undefined : ""),
  jsonSchema: { format: "date" },
};
/** A tag, a digest, or both; what follows the image's name. */
const IMAGE_VERSION = {
  expected: 'an image version such as "1.4.2"',
  problem: (text: string) =>
    /^[\w][\w.-]{0,127}(@sha256:[0-9a-f]{64})?$/.test(text) ? undefined : "",
  jsonSchema: {},
};

const chartSchema = object<LockedChart>({
  repository: string("url"),
  chart: string(),
  version: string(),
  appVersion: string(),
});

const rangesSchema = object<LockedRanges>({ pods: string("cidr"), services: string("cidr") });

type Sections = "charts" | "images" | "ranges" | "apps";

/** A section that has no entries may be left out. */
export const lockSchema: Schema<unknown, Lock> = object<
  Omit<Lock, Sections> & Partial<Pick<Lock, Sections>>,
  Lock
>({
  version: oneOf([LOCK_VERSION]),
  catalogue: string(DATE),
  charts: optional(record(chartSchema, ANY_KEYS), {}),
  images: optional(record(string("imageRef"), ANY_KEYS), {}),
  ranges: optional(record(rangesSchema), {}),
  apps: optional(record(string(IMAGE_VERSION)), {}),
});
