// A network plugin on a cluster that keeps its own.

import { defineDiagnostic } from "../../core/index.ts";
import type { ResolveContext } from "../../model/index.ts";

export const pluginInPlace = defineDiagnostic<{ substrate: string; plugin: string }>({
  code: "cni/plugin-in-place",
  severity: "error",
  message: ({ substrate, plugin }) =>
    `${substrate} brings a network plugin that ${plugin} cannot replace`,
  hint: () => "leave cni out: network policies are enforced there already",
});

export function checkPlace({ cluster, path, report }: ResolveContext, plugin: string): void {
  const { podNetwork, displayName } = cluster.substrate;
  if (podNetwork === "fixed") report(pluginInPlace(path, { substrate: displayName, plugin }));
}
