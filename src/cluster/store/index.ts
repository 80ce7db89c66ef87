export * from "./memory-store.ts";
export * from "./store.ts";
export { DamagedError } from "./journal/damaged-error.ts";
export { LockedError } from "./journal/directory.ts";
export type { AppendFile, Directory, DirectoryLock } from "./journal/directory.ts";
export { openJournalStore } from "./journal/open-journal-store.ts";
export type { JournalStore, JournalStoreOptions } from "./journal/open-journal-store.ts";
export { withPeriodicCompaction } from "./periodic-compaction.ts";
