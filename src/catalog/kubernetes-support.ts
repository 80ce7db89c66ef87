// Until when each Kubernetes minor gets fixes upstream.

import type { CatalogueEntry } from "./entry.ts";

export interface KubernetesMinor extends CatalogueEntry {
  readonly minor: string;
  readonly endOfLife: string;
}

const SOURCE = { source: "endoflife.date/kubernetes", date: "2026-08-22" } as const;

/** Newest first. 1.35 is the newest that every component of the catalogue names as supported. */
export const KUBERNETES_MINORS: readonly KubernetesMinor[] = [
  {
    minor: "1.37",
    endOfLife: "2027-10-28",
    source: "kubernetes.io/releases: 14 months after 1.37.0 of 2026-08-26",
    date: "2026-08-26",
  },
  { minor: "1.36", endOfLife: "2027-06-28", ...SOURCE },
  { minor: "1.35", endOfLife: "2027-02-28", ...SOURCE },
  { minor: "1.34", endOfLife: "2026-10-27", ...SOURCE },
];
