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

/** The file's text. */
export function formatKustomization(
  fields: KustomizationFields,
  options: Pick<YamlOptions, "header"> = {},
): string {
  return formatYaml(kustomization(fields), options);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined) return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
