// The files of the tree an object is written in: its base or overlay, and the patch that completes it.

import type { KubernetesObject } from "../../kubernetes/index.ts";
import { foldersOf } from "../../compiler/index.ts";
import type { Compiled, CompiledObject } from "../../model/index.ts";
import { BOOTSTRAP_AREA, placed } from "../../model/index.ts";

export function filesOf(
  { object, area }: CompiledObject,
  target: string,
  { tree, packaging, targets }: Pick<Compiled, "tree" | "packaging" | "targets">,
): string[] {
  const { layout = {} } = targets.find(({ cluster }) => cluster.target === target)?.cluster ?? {};
  const named =
    area === BOOTSTRAP_AREA ? [`clusters/${target}`] : foldersOf(packaging, area, target);
  const folders = named.map((folder) => `${placed(folder, layout)}/`);
  return [...tree]
    .filter(([path]) =>
      folders.some((folder) => path.startsWith(folder) && !path.slice(folder.length).includes("/")),
    )
    .filter(([, text]) => text.split(/^---$/m).some((document) => holds(document, object)))
    .map(([path]) => path);
}

/** Our own writer's form: the kind at the left edge, name and namespace one level in. */
function holds(document: string, { kind, metadata }: KubernetesObject): boolean {
  const has = (line: string): boolean => document.includes(`\n${line}\n`);
  const quoted = (value: string): boolean => has(`  name: ${value}`) || has(`  name: "${value}"`);
  const { name, namespace } = metadata;
  const inNamespace = namespace === undefined || document.includes(`  namespace: ${namespace}`);
  return has(`kind: ${kind}`) && quoted(name) && inNamespace;
}
