// ConfigMaps, volume claims and service accounts that pods name must exist, with the keys they ask for.

import type { Diagnostic } from "../../core/index.ts";
import { defineDiagnostic } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import type { Reference } from "../missing-reference.ts";
import { checkReference } from "../missing-reference.ts";
import type { PodTemplate } from "../pod-template.ts";
import { recordOf, recordsIn } from "../pod-template.ts";
import type { Check, TargetView } from "../target-view.ts";

export const missingKey = defineDiagnostic<{
  object: string;
  kind: string;
  name: string;
  key: string;
}>({
  code: "verify/missing-key",
  severity: "error",
  message: ({ object, kind, name, key }) => `${object}: ${kind} ${name} has no key ${key}`,
});

export const checkPodReferences: Check = function* (view) {
  for (const pod of view.pods) {
    for (const reference of referencesOf(pod)) yield* checkReference(view, reference);
    for (const use of configMapKeys(pod)) yield* checkConfigMapKey(pod, use, view);
  }
};

function referencesOf(pod: PodTemplate): Reference[] {
  const { compiled, namespace, spec, volumes } = pod;
  const from = { object: compiled.object, path: compiled.origin.path };
  const name = (value: unknown): string[] => (typeof value === "string" ? [value] : []);
  // `default` exists in every namespace.
  const accounts = name(spec["serviceAccountName"]).filter((account) => account !== "default");
  const claims = volumes.flatMap((volume) =>
    name(recordOf(volume["persistentVolumeClaim"])["claimName"]),
  );
  return [
    ...accounts.map((account) => ({
      kind: "ServiceAccount",
      name: account,
      field: "serviceAccountName",
    })),
    ...claims.map((claim) => ({ kind: "PersistentVolumeClaim", name: claim, field: "volumes" })),
    ...configMapNames(pod).map((map) => ({ kind: "ConfigMap", name: map, field: "containers" })),
  ].map((reference) => ({ ...reference, from, namespace }));
}

/** Put into every namespace by the cluster itself. */
const CLUSTER_CONFIG_MAPS = new Set(["kube-root-ca.crt"]);

function configMapNames(pod: PodTemplate): string[] {
  const whole = [
    ...pod.volumes.map((volume) => recordOf(volume["configMap"])),
    ...projectedSources(pod, "configMap"),
    ...pod.containers.flatMap(({ envFrom }) =>
      envFrom.map((entry) => recordOf(entry["configMapRef"])),
    ),
  ];
  const keys = configMapKeys(pod).map(({ name }) => name);
  const names = [...required(whole).map(({ name }) => String(name)), ...keys];
  return [...new Set(names)].filter((name) => !CLUSTER_CONFIG_MAPS.has(name));
}

export function projectedSources(
  pod: PodTemplate,
  kind: string,
): Readonly<Record<string, unknown>>[] {
  return pod.volumes.flatMap((volume) =>
    recordsIn(recordOf(volume["projected"])["sources"]).map((source) => recordOf(source[kind])),
  );
}

/** References that name something and are not marked optional. */
export function required(
  references: readonly Readonly<Record<string, unknown>>[],
): Readonly<Record<string, unknown>>[] {
  return references.filter(
    (reference) => typeof reference["name"] === "string" && reference["optional"] !== true,
  );
}

interface KeyUse {
  readonly name: string;
  readonly key: string;
}

function configMapKeys(pod: PodTemplate): KeyUse[] {
  return keyUses(pod, { env: "configMapKeyRef", volume: "configMap", volumeName: "name" });
}

/** Keys that env and volume items name one by one. */
export function keyUses(
  pod: PodTemplate,
  fields: { readonly env: string; readonly volume: string; readonly volumeName: string },
): KeyUse[] {
  const env = pod.containers.flatMap((container) =>
    required(container.env.map(({ valueFrom }) => recordOf(recordOf(valueFrom)[fields.env]))),
  );
  const fromEnv = env.map(({ name, key }) => ({ name: String(name), key: String(key) }));
  const fromVolumes = pod.volumes.flatMap((volume) => {
    const source = recordOf(volume[fields.volume]);
    const name = source[fields.volumeName];
    if (typeof name !== "string" || source["optional"] === true) return [];
    return recordsIn(source["items"]).map(({ key }) => ({ name, key: String(key) }));
  });
  return [...fromEnv, ...fromVolumes];
}

function* checkConfigMapKey(pod: PodTemplate, use: KeyUse, view: TargetView): Iterable<Diagnostic> {
  const found = view.find("ConfigMap", use.name, pod.namespace);
  if (found?.compiled === undefined) return;
  const { data, binaryData } = found.object;
  if (Object.hasOwn({ ...recordOf(data), ...recordOf(binaryData) }, use.key)) return;
  const object = displayRef(refOf(pod.compiled.object));
  yield missingKey(pod.compiled.origin.path, { object, kind: "ConfigMap", ...use });
}
