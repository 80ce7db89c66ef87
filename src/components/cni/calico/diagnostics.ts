// A network plugin on a cluster that keeps its own.

import { defineDiagnostic } from "../../../core/index.ts";

export const pluginInPlace = defineDiagnostic<{ substrate: string; plugin: string }>({
  code: "cni/plugin-in-place",
  severity: "error",
  message: ({ substrate, plugin }) =>
    `${substrate} brings a network plugin that ${plugin} cannot replace`,
  hint: () => "leave cni out: network policies are enforced there already",
});
