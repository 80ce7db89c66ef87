// Where the folders of the emitted tree lie (LAY-01, C-06). Everything in Keelson names them by their logical paths, such as
// `infrastructure/security/base`; a layout says which folders those are in the person's repository.

import { record } from "./schema/record.ts";
import type { KeyRule } from "./schema/record.ts";
import type { Schema } from "./schema/schema.ts";
import { string } from "./schema/string.ts";
import type { Format } from "./schema/formats.ts";

/** Folder by part: `apps`, `clusters`, `charts`, `infrastructure`, or one of the folders below `infrastructure`. */
export type TreeLayout = Readonly<Record<string, string>>;

/** Parts that are no folder of `infrastructure`. */
const PARTS: Readonly<Record<string, string>> = {
  apps: "apps",
  clusters: "clusters",
  charts: "infra/helm",
  infrastructure: "infrastructure",
};

/** One of the architecture documents' trees: everything below `infra_prov/`, what watches in a folder of its own. */
export const infraProv: TreeLayout = {
  apps: "infra_prov/kubernetes/apps",
  clusters: "infra_prov/kubernetes/clusters",
  charts: "infra_prov/kubernetes/charts",
  infrastructure: "infra_prov/kubernetes/infrastructure",
  security: "infra_prov/kubernetes/security",
  observability: "infra_prov/monitoring",
};

const PART_KEYS: KeyRule = {
  expected: `"apps", "clusters", "charts", "infrastructure" or a folder of infrastructure such as "security"`,
  pattern: "^[a-z][a-z0-9-]*$",
  isValid: (key) => /^[a-z][a-z0-9-]*$/.test(key),
  suggest: (key) => key.toLowerCase().replace(/[^a-z0-9-]+/g, "-"),
};

const FOLDER_PATTERN = "^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$";
const FOLDER: Format = {
  expected: 'a folder of the repository such as "infra_prov/kubernetes/apps"',
  problem: (text) => (new RegExp(FOLDER_PATTERN).test(text) ? undefined : ""),
  jsonSchema: { pattern: FOLDER_PATTERN },
};

export const treeLayoutSchema: Schema<TreeLayout> = record(string(FOLDER), PART_KEYS);

/** The folder or file of the repository that a logical path means: the longest part that is named decides. */
export function placed(path: string, layout: TreeLayout): string {
  const found = Object.entries(layout)
    .map(([part, folder]) => [PARTS[part] ?? `infrastructure/${part}`, folder] as const)
    .filter(([from]) => path === from || path.startsWith(`${from}/`))
    .toSorted(([a], [b]) => b.length - a.length)[0];
  return found === undefined ? path : `${found[1]}${path.slice(found[0].length)}`;
}
