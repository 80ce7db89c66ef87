// The kinds of things a platform serves to its apps: what one is called, where a person writes them, and the keys under
// `providers` of who serves them. How each is read and planned is in the file of its name.

export const INTENT_KINDS = [
  { kind: "database", place: "databases", providers: ["postgres", "mysql", "mongodb"] },
  { kind: "queue", place: "queues", providers: ["queue"] },
  { kind: "bucket", place: "buckets", providers: ["bucket"] },
  { kind: "cache", place: "caches", providers: ["cache"] },
  { kind: "stream", place: "streams", providers: ["stream"] },
] as const;

type ServedKinds = (typeof INTENT_KINDS)[number];

export type ServedKind = ServedKinds["kind"];
/** The plural under which a person writes them. */
export type ServedPlace = ServedKinds["place"];
/** A key of `providers`: the engine of a database, else the kind. */
export type ServedBy = ServedKinds["providers"][number];

export type IntentKind = "app" | ServedKind;
/** Apps have a provider too; nobody chooses it. */
export type ProviderKey = "app" | ServedBy;

/** In the order in which they are bound and emitted. */
export const PROVIDER_KEYS: readonly ServedBy[] = INTENT_KINDS.flatMap(
  ({ providers }) => providers,
);
export const SERVED_PLACES: readonly ServedPlace[] = INTENT_KINDS.map(({ place }) => place);
/** `database, queue … or app`. */
export const NEEDED_KINDS = `${INTENT_KINDS.map(({ kind }) => kind).join(", ")} or app`;
