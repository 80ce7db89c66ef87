// The catalogue's fact sheet of a substrate, as the plan carries it.

import { SUBSTRATES } from "../../catalog/index.ts";
import { invariant } from "../../core/index.ts";
import type { SubstrateFacts } from "../../model/index.ts";

export function catalogueFacts(kind: string): SubstrateFacts {
  const entry = SUBSTRATES[kind];
  invariant(entry, `the catalogue knows the substrate ${kind}`);
  const { note: _note, endOfLife: _endOfLife, ...facts } = entry;
  return facts;
}
