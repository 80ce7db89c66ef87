// Lock → text of `keelson.lock`: the same lock is always the same bytes.

import { stringify } from "yaml";

import { sortKeys } from "../../core/index.ts";
import type { Lock } from "./lock.ts";

const HEADER = `# Versions and address ranges that must not move by themselves.
# Written by keelson update. Commit it; a change here is a change of the platform.
`;

export function writeLock({ version, catalogue, charts, images, ranges, apps }: Lock): string {
  const sections = { charts, images, ranges, apps };
  const filled = Object.entries(sections).filter(([, entries]) => Object.keys(entries).length > 0);
  const blocks = filled.map(([name, entries]) => block({ [name]: sortKeys(entries) }));
  return [HEADER + block({ version, catalogue }), ...blocks].join("\n");
}

function block(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
