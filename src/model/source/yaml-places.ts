// Positions in YAML and JSON. What stands behind an alias or a merge key is written elsewhere, so it counts as near.

import type * as YamlModule from "yaml";
import type { Node, Pair, YAMLMap } from "yaml";
import { isRecord, type Path, type PathElement } from "../../core/index.ts";
import type { LoadParser, Place, Places } from "./places.ts";

type Yaml = typeof YamlModule;

/** A node on the way down, its key, and whether an alias led here. */
interface Step {
  readonly node: Node | undefined;
  readonly key: Node | undefined;
  readonly near: boolean;
}

export function yamlPlaces(text: string, load: LoadParser): Places {
  const yaml = load("yaml") as Yaml;
  const document = yaml.parseDocument(text, { merge: true, logLevel: "silent" });
  const follow = (node: unknown, near: boolean): Step => {
    if (!yaml.isAlias(node))
      return { node: yaml.isNode(node) ? node : undefined, key: undefined, near };
    return { node: node.resolve(document), key: undefined, near: true };
  };
  const root = follow(document.contents, false);
  const reader = createReader(yaml, follow);
  const walk = (path: Path): { readonly step: Step; readonly complete: boolean } => {
    let step = root;
    for (const element of path) {
      const next = reader.child(step, element);
      if (next === undefined) return { step, complete: false };
      step = next;
    }
    return { step, complete: true };
  };
  return {
    valueAt(path) {
      const { step, complete } = walk(path);
      return placeOf(step.node ?? step.key, step.near || !complete);
    },
    keyAt(path) {
      const { step, complete } = walk(path);
      return complete ? placeOf(step.key, step.near) : undefined;
    },
  };
}

function placeOf(node: Node | undefined, near: boolean): Place | undefined {
  const range = node?.range;
  if (range === undefined || range === null) return undefined;
  return { start: range[0], end: range[1], ...(near ? { near } : {}) };
}

function createReader(
  yaml: Yaml,
  follow: (node: unknown, near: boolean) => Step,
): { child(step: Step, element: PathElement): Step | undefined } {
  const entry = ({ key, value }: Pair, near: boolean): Step => ({
    ...follow(value, near),
    key: yaml.isNode(key) ? key : undefined,
  });
  const inMap = (map: YAMLMap, name: string, near: boolean): Step | undefined => {
    const pair = map.items.find(({ key }) => yaml.isScalar(key) && String(key.value) === name);
    if (pair !== undefined) return entry(pair, near);
    const merge = map.items.find(({ key }) => yaml.isScalar(key) && key.source === "<<");
    return merge === undefined ? undefined : inMerged(merge.value, name);
  };
  /** One mapping or several, of which the first wins. */
  const inMerged = (value: unknown, name: string): Step | undefined => {
    const { node } = follow(value, true);
    if (yaml.isMap(node)) return inMap(node, name, true);
    if (!yaml.isSeq(node)) return undefined;
    for (const item of node.items) {
      const found = inMerged(item, name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const child = ({ node, near }: Step, element: PathElement): Step | undefined => {
    if (yaml.isMap(node) && typeof element !== "object") return inMap(node, String(element), near);
    if (!yaml.isSeq(node) || typeof element === "string") return undefined;
    if (typeof element === "number") {
      const item: unknown = node.items[element];
      return item === undefined ? undefined : follow(item, near);
    }
    const steps = node.items.map((item) => follow(item, near));
    return steps.find((step) => matches(step, element));
  };
  const matches = ({ node }: Step, keys: Readonly<Record<string, unknown>>): boolean => {
    const value: unknown = yaml.isMap(node) ? node.toJSON() : undefined;
    if (!isRecord(value)) return false;
    return Object.entries(keys).every(([key, wanted]) => value[key] === wanted);
  };
  return { child };
}
