// `kustomization.yaml` documents, limited to the fields we emit and `render/` builds. Field reference: kustomize
// api/types/kustomization.go; the order here is the one `kustomize edit fix` writes.

import { formatYaml, type YamlOptions } from "./yaml.ts";

/** Which objects a patch is for; every member given must match, names and namespaces as anchored expressions. */
export interface PatchTarget {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
}

/** Inline text or a file; a strategic merge patch names its object itself, a JSON 6902 patch needs a target. */
export interface KustomizationPatch {
  readonly path?: string;
  readonly patch?: string;
  readonly target?: PatchTarget;
}

export interface KustomizationLabels {
  readonly pairs: Readonly<Record<string, string>>;
  readonly includeSelectors?: boolean;
  readonly includeTemplates?: boolean;
}

export interface KustomizationImage {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly digest?: string;
}

/** An image whose tag somebody writes: the comment tells them where. */
export interface MarkedImage {
  readonly name: string;
  readonly newTag: string;
  readonly marker?: string;
}

export interface KustomizationFields {
  readonly namespace?: string;
  readonly resources?: readonly string[];
  readonly labels?: readonly KustomizationLabels[];
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  readonly images?: readonly KustomizationImage[];
  readonly replicas?: readonly { readonly name: string; readonly count: number }[];
  readonly patches?: readonly KustomizationPatch[];
}

const FIELDS = [
  "namespace",
  "resources",
  "labels",
  "commonAnnotations",
  "images",
  "replicas",
  "patches",
] as const satisfies readonly (keyof KustomizationFields)[];

/** The document, empty fields left out. */
export function kustomization(fields: KustomizationFields): Readonly<Record<string, unknown>> {
  const present = FIELDS.filter((field) => !isEmpty(fields[field]));
  return {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    ...Object.fromEntries(present.map((field) => [field, fields[field]])),
  };
}

/** The file's text; `tags` go where images do, each with its comment behind it. */
export function formatKustomization(
  fields: KustomizationFields,
  options: Pick<YamlOptions, "header"> & { readonly tags?: readonly MarkedImage[] } = {},
): string {
  const { tags = [], ...rest } = options;
  const images = [...(fields.images ?? []), ...tags.map(({ name, newTag }) => ({ name, newTag }))];
  const lines = formatYaml(kustomization({ ...fields, images }), rest).split("\n");
  for (const { name, marker } of tags) {
    const at = lines.indexOf(`- name: ${name}`) + 1;
    if (marker !== undefined && at > 0) lines[at] = `${lines[at]} # ${marker}`;
  }
  return lines.join("\n");
}

function isEmpty(value: unknown): boolean {
  if (value === undefined) return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
