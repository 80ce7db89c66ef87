// A generated fact table in the shape components hand out.

import type { FactText } from "../../kubernetes/index.ts";
import type { CrdFacts } from "../../model/index.ts";

export function crdFacts({ source, text }: FactText): CrdFacts {
  return { source, table: text };
}
