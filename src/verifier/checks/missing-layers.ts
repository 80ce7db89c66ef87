// A layer of defence that was left out: each is there by itself, so somebody dropped it.

import { count, defineDiagnostic } from "../../core/index.ts";
import { layersOf } from "../layers.ts";
import type { Check } from "../target-view.ts";

export const missingLayer = defineDiagnostic<{
  layer: string;
  cluster: string;
  gaps: readonly string[];
  hint: string;
}>({
  code: "verify/missing-layer",
  severity: "warning",
  message: ({ layer, cluster, gaps }) =>
    `${layer} on ${cluster} leaves out ${gaps.slice(0, NAMED).join(", ")}${rest(gaps)}`,
  hint: ({ hint }) => hint,
});

/** More would hide the rest of the findings. */
const NAMED = 3;

const rest = ({ length }: readonly string[]): string =>
  length > NAMED ? ` and ${count(length - NAMED, "other")}` : "";

export const checkMissingLayers: Check = function* (view) {
  for (const { name: layer, gaps, hint } of layersOf(view)) {
    if (gaps.length === 0) continue;
    yield missingLayer(["clusters", view.cluster.name], {
      layer,
      cluster: view.cluster.target,
      gaps,
      hint,
    });
  }
};
