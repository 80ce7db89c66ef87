// Stand-in until the writers land.
import { stringify } from "yaml";

export function writeYaml(value: unknown): string {
  return stringify(value, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false });
}

export interface Kustomization {
  readonly resources: readonly string[];
  readonly patches: readonly { readonly path: string }[];
  readonly labels: Readonly<Record<string, string>>;
}

export function writeKustomization({ resources, patches, labels }: Kustomization): string {
  return writeYaml({
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources,
    ...(patches.length === 0 ? {} : { patches }),
    ...(Object.keys(labels).length === 0 ? {} : { labels: [{ pairs: labels }] }),
  });
}
