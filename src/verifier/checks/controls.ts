// A control that somebody outside asks for and that nothing on the cluster shows.

import { controlsOf } from "../../components/index.ts";
import { defineDiagnostic, type Path } from "../../core/index.ts";
import type { Check, TargetView } from "../target-view.ts";

export const controlWithoutEvidence = defineDiagnostic<{ control: string; cluster: string }>({
  code: "verify/control-without-evidence",
  severity: "warning",
  message: ({ control, cluster }) => `nothing on ${cluster} shows that ${control} is met`,
  hint: ({ control }) => `add what ${control} needs, or show it by other means and drop it here`,
});

export const checkControls: Check = function* (view) {
  const shown = new Set(
    controlsOf(view.cluster, view.graph)
      .filter(({ evidence }) => evidence !== undefined)
      .map(({ name }) => name),
  );
  for (const { name: control, path } of askedControls(view))
    if (!shown.has(control))
      yield controlWithoutEvidence(path, { control, cluster: view.cluster.target });
};

/** By the options of whoever audits. */
export function askedControls({
  cluster,
}: Pick<TargetView, "cluster">): readonly { readonly name: string; readonly path: Path }[] {
  const audit = cluster.slots.find(({ slot }) => slot === "audit");
  // Whoever fills the slot may have no such option.
  const { controls = [] } = (audit?.options ?? {}) as { readonly controls?: readonly string[] };
  return controls.map((name, index) => ({
    name,
    path: [...(audit?.path ?? []), "controls", index],
  }));
}
