// Reads a kustomization and refuses what the builder does not do. Field reference: kustomize api/types/kustomization.go.

import type { Diagnostic, Path } from "../core/index.ts";
import { emptyKustomization, invalidYaml } from "./diagnostics.ts";
import { createFieldReader, type FieldReader, type Fields } from "./field-reader.ts";
import { readYaml } from "./read-yaml.ts";

export interface PatchTarget {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
}

export interface PatchEntry {
  readonly path?: string;
  readonly patch?: string;
  readonly target?: PatchTarget;
}

export interface LabelsEntry {
  readonly pairs: Readonly<Record<string, string>>;
  readonly includeTemplates: boolean;
}

export interface ImageEntry {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly digest?: string;
}

export interface ReplicasEntry {
  readonly name: string;
  readonly count: number;
}

/** Every field filled in. */
export interface Kustomization {
  readonly namespace: string | undefined;
  readonly resources: readonly string[];
  readonly labels: readonly LabelsEntry[];
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly images: readonly ImageEntry[];
  readonly replicas: readonly ReplicasEntry[];
  readonly patches: readonly PatchEntry[];
  readonly order: "legacy" | "fifo";
}

export interface ReadKustomization {
  readonly kustomization: Kustomization | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export function readKustomization(text: string, file: string): ReadKustomization {
  const { values, problems } = readYaml(text);
  const [value] = values;
  if (problems.length > 0) {
    return refused(problems.map((problem) => invalidYaml([file], { problem })));
  }
  const reader = createFieldReader(file);
  const fields = reader.record(value, [], [...META_FIELDS, ...FIELDS]);
  checkIdentity(fields, reader);
  const kustomization = readFields(fields, reader);
  if (reader.diagnostics.length > 0) return refused(reader.diagnostics);
  if (!FIELDS.some((field) => hasContent(fields[field]))) {
    return refused([emptyKustomization([file], {})]);
  }
  return { kustomization, diagnostics: [] };
}

function refused(diagnostics: readonly Diagnostic[]): ReadKustomization {
  return { kustomization: undefined, diagnostics };
}

const META_FIELDS = ["apiVersion", "kind", "metadata"];
const FIELDS = [
  "namespace",
  "resources",
  "labels",
  "commonAnnotations",
  "images",
  "replicas",
  "patches",
  "sortOptions",
];
const API_VERSION = "kustomize.config.k8s.io/v1beta1";

function checkIdentity(fields: Fields, reader: FieldReader): void {
  const { apiVersion = API_VERSION, kind = "Kustomization" } = fields;
  if (apiVersion !== API_VERSION) reader.wrong(["apiVersion"], API_VERSION);
  if (kind !== "Kustomization") reader.wrong(["kind"], "Kustomization");
}

function hasContent(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null;
}

function readFields(fields: Fields, reader: FieldReader): Kustomization {
  const list = <T>(
    name: string,
    read: (value: unknown, path: Path, reader: FieldReader) => T,
  ): T[] => reader.list(fields[name], [name], (item, path) => read(item, path, reader));
  const { namespace } = fields;
  return {
    namespace: namespace === undefined ? undefined : reader.text(namespace, ["namespace"]),
    resources: list("resources", reader.text),
    labels: list("labels", readLabels),
    commonAnnotations: reader.pairs(fields["commonAnnotations"], ["commonAnnotations"]),
    images: list("images", readImage),
    replicas: list("replicas", readReplicas),
    patches: list("patches", readPatch),
    order: readOrder(fields["sortOptions"], reader),
  };
}

function readLabels(value: unknown, path: Path, reader: FieldReader): LabelsEntry {
  const fields = reader.record(value, path, ["pairs", "includeSelectors", "includeTemplates"]);
  if (fields["includeSelectors"] === true) {
    reader.unsupported([...path, "includeSelectors"], "labels with includeSelectors: true");
  }
  return {
    pairs: reader.pairs(fields["pairs"], [...path, "pairs"]),
    includeTemplates: fields["includeTemplates"] === true,
  };
}

function readImage(value: unknown, path: Path, reader: FieldReader): ImageEntry {
  const fields = reader.record(value, path, ["name", "newName", "newTag", "digest"]);
  const name = reader.text(fields["name"], [...path, "name"]);
  return { name, ...reader.texts(fields, ["newName", "newTag", "digest"], path) };
}

function readReplicas(value: unknown, path: Path, reader: FieldReader): ReplicasEntry {
  const fields = reader.record(value, path, ["name", "count"]);
  const { count } = fields;
  if (!Number.isInteger(count)) reader.wrong([...path, "count"], "a whole number");
  return { name: reader.text(fields["name"], [...path, "name"]), count: Number(count) };
}

const TARGET_FIELDS = [
  "group",
  "version",
  "kind",
  "name",
  "namespace",
  "labelSelector",
  "annotationSelector",
] as const satisfies readonly (keyof PatchTarget)[];

function readPatch(value: unknown, path: Path, reader: FieldReader): PatchEntry {
  const fields = reader.record(value, path, ["path", "patch", "target"]);
  const entry = reader.texts(fields, ["path", "patch"], path);
  if ((entry.path === undefined) === (entry.patch === undefined)) {
    reader.wrong(path, "either path or patch");
  }
  if (fields["target"] === undefined) return entry;
  const at = [...path, "target"];
  const target = reader.record(fields["target"], at, TARGET_FIELDS);
  return { ...entry, target: reader.texts(target, TARGET_FIELDS, at) };
}

function readOrder(value: unknown, reader: FieldReader): Kustomization["order"] {
  const { order = "legacy" } = reader.record(value, ["sortOptions"], ["order"]);
  if (order === "legacy" || order === "fifo") return order;
  reader.wrong(["sortOptions", "order"], "legacy or fifo");
  return "legacy";
}
