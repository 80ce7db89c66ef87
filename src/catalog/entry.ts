// What every fact of the catalogue carries: where it was read, and when it was true.

export interface CatalogueEntry {
  /** Repository and tag, document or advisory the fact was read in. */
  readonly source: string;
  /** ISO date of the source. */
  readonly date: string;
  /** ISO date after which upstream mends nothing; absent when upstream names none. */
  readonly endOfLife?: string;
  /** What a person choosing this should know. */
  readonly note?: string;
}

/** The day the catalogue as a whole was last looked over. `keelson.lock` records it. */
export const CATALOGUE_DATE = "2026-11-20";
