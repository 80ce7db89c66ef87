// An app as a Helm chart of its own: `infra/helm/<app>` with the values all clusters share, a values file for each, and the
// library chart they lean on. Rendered, it gives the same objects as the folders of Kustomize.

import { formatPath, groupBy } from "../../core/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { formatRef, refOf } from "../../kubernetes/index.ts";
import type { CompiledObject } from "../../model/index.ts";
import { LIBRARY_CHART } from "../writers/helm/library-chart.ts";
import { templateObject, type TemplatedObject } from "../writers/helm/template-object.ts";
import {
  camelCase,
  createValuesTree,
  fullPlaceOf,
  placeOf,
  type PlacedSlot,
} from "../writers/helm/values-tree.ts";
import { LABELS_KEY, writeTemplate } from "../writers/helm/write-template.ts";
import { formatYaml } from "../writers/yaml.ts";
import { sharedLabels, withoutLabels } from "./area-files.ts";
import { fileNameOf, wordsOf } from "./file-names.ts";
import type { TreeFile } from "./layout.ts";
import type { SchemaOf } from "./split-area.ts";

type ByTarget = ReadonlyMap<string, readonly CompiledObject[]>;

const CHARTS_FOLDER = "infra/helm";

/** `apps/storefront` → `infra/helm/storefront`. */
export function chartFolder(area: string): string {
  return `${CHARTS_FOLDER}/${area.slice(area.lastIndexOf("/") + 1)}`;
}

export const chartValuesFile = (target: string): string => `values-${target}.yaml`;

export function libraryFiles(): TreeFile[] {
  return [...LIBRARY_CHART].map(([path, text]) => [`${CHARTS_FOLDER}/library/${path}`, text]);
}

export function helmFiles(area: string, byTarget: ByTarget, schemaOf: SchemaOf): TreeFile[] {
  const targets = [...byTarget.keys()];
  const values = createValuesTree(targets);
  const labels = new Map(
    [...byTarget].map(([target, objects]) => [target, sharedLabels(objects)] as const),
  );
  for (const slot of labelSlots(labels)) values.add(slot);
  const plain = new Map(
    [...byTarget].map(([target, objects]) => [
      target,
      objects.map((object) => withoutLabels(object, labels.get(target) ?? {})),
    ]),
  );
  const templates = templatesOf(area, plain, schemaOf, values.add, (key, target) =>
    values.set([key], "enabled", target !== undefined, target),
  );
  const folder = chartFolder(area);
  const header = [`apps.${folder.slice(folder.lastIndexOf("/") + 1)}`];
  const files: TreeFile[] = [
    ["Chart.yaml", chartText(area)],
    ["values.yaml", formatYaml(values.shared, { header })],
    ...targets.map((target): TreeFile => [
      chartValuesFile(target),
      formatYaml(values.own.get(target) ?? {}, { header }),
    ]),
    ...templates,
  ];
  return files.map(([name, text]) => [`${folder}/${name}`, text]);
}

function labelSlots(byTarget: ReadonlyMap<string, Readonly<Record<string, string>>>): PlacedSlot[] {
  const variants = [...byTarget.values()];
  const fields = new Set(variants.flatMap((labels) => Object.keys(labels)));
  return [...fields].toSorted().map((field) => ({
    path: [],
    field,
    values: variants.map((labels) => labels[field]),
    place: ["labels"],
    targets: [...byTarget.keys()],
  }));
}

function chartText(area: string): string {
  const name = area.slice(area.lastIndexOf("/") + 1);
  return formatYaml({
    apiVersion: "v2",
    name,
    description: `Everything ${name} needs on a cluster.`,
    type: "application",
    version: "1.0.0",
    dependencies: [{ name: "library", version: "1.0.0", repository: "file://../library" }],
  });
}

/** One object as the clusters have it. */
interface Variants {
  readonly first: CompiledObject;
  readonly byTarget: ReadonlyMap<string, CompiledObject>;
}

function templatesOf(
  area: string,
  byTarget: ByTarget,
  schemaOf: SchemaOf,
  add: (slot: PlacedSlot) => void,
  enable: (key: string, target?: string) => void,
): TreeFile[] {
  const keys = new Set<string>(["labels"]);
  const texts = variantsOf(byTarget).map((variants) => {
    const key = objectKey(variants.first.object, area, keys);
    const everywhere = variants.byTarget.size === byTarget.size;
    if (!everywhere)
      for (const target of [undefined, ...variants.byTarget.keys()]) enable(key, target);
    const text = templateOf(key, variants, schemaOf, add, everywhere);
    return { file: fileNameOf(variants.first.object, area), text };
  });
  return [...groupBy(texts, ({ file }) => file)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, parts]) => [`templates/${file}`, parts.map(({ text }) => text).join("---\n")]);
}

function variantsOf(byTarget: ByTarget): Variants[] {
  const entries = [...byTarget].flatMap(([target, objects]) =>
    objects.map((compiled) => ({ target, compiled })),
  );
  const grouped = groupBy(entries, ({ compiled }) => formatRef(refOf(compiled.object)));
  return [...grouped.values()].flatMap((list) => {
    const [first] = list;
    if (first === undefined) return [];
    const variants = new Map(list.map(({ target, compiled }) => [target, compiled]));
    return [{ first: first.compiled, byTarget: variants }];
  });
}

/** `deployment` for the Deployment named like the app, `deploymentWorker` for another. */
function objectKey({ kind, metadata }: KubernetesObject, area: string, taken: Set<string>): string {
  const owner = area.slice(area.lastIndexOf("/") + 1);
  const word = wordsOf(kind);
  const short = camelCase(metadata.name === owner ? word : `${word}-${metadata.name}`);
  const full = camelCase(`${word}-${metadata.namespace ?? ""}-${metadata.name}`);
  let key = taken.has(short) ? full : short;
  while (taken.has(key)) key += "_";
  taken.add(key);
  return key;
}

function templateOf(
  key: string,
  { first, byTarget }: Variants,
  schemaOf: SchemaOf,
  add: (slot: PlacedSlot) => void,
  everywhere: boolean,
): string {
  const variants = [...byTarget.values()].map(({ object }) => withLabelsSlot(object));
  const templated = templateObject(first.object.kind, variants, schemaOf(first.object));
  const groups = placed(key, templated, [...byTarget.keys()]);
  for (const slot of groups.flat()) add(slot);
  return writeTemplate({
    body: templated.body,
    groups,
    header: [
      formatPath(first.origin.path),
      ...(first.comment === undefined ? [] : [first.comment]),
    ],
    ...(everywhere ? {} : { condition: key }),
  });
}

function withLabelsSlot(object: KubernetesObject): Readonly<Record<string, unknown>> {
  const { metadata } = object;
  return {
    ...object,
    metadata: { ...metadata, labels: { ...metadata.labels, [LABELS_KEY]: null } },
  };
}

/** The short place, unless another value of the object has it. */
function placed(
  key: string,
  { groups }: TemplatedObject,
  targets: readonly string[],
): readonly (readonly PlacedSlot[])[] {
  const taken = new Set<string>();
  return groups.map((slots) => {
    const path = slots[0]?.path ?? [];
    const short = placeOf(key, path);
    const fields = slots.map(({ field }) => [...short, field].join("."));
    const isFree = ![short.join("."), ...fields].some((name) => taken.has(name));
    const place = isFree ? short : fullPlaceOf(key, path);
    for (const { field } of slots) taken.add([...place, field].join("."));
    return slots.map((slot) => ({ ...slot, place, targets }));
  });
}
