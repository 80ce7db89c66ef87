// Secrets that pods name must be declared in their namespace with the keys they ask for. Declared is enough: a value that
// is not sealed yet is a matter of its own.

import type { Diagnostic } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import { checkReference } from "../missing-reference.ts";
import type { PodTemplate } from "../pod-template.ts";
import { recordOf, recordsIn } from "../pod-template.ts";
import type { Check, TargetView } from "../target-view.ts";
import { keyUses, missingKey, projectedSources, required } from "./pod-references.ts";

export const checkSecretReferences: Check = function* (view) {
  const declared = declaredSecrets(view);
  for (const pod of view.pods) {
    for (const name of secretNames(pod)) yield* checkName(pod, name, view);
    for (const use of secretKeys(pod)) yield* checkKey(pod, use, declared);
  }
};

/** `namespace/name` → keys, or undefined where a controller decides the keys. */
type Declared = ReadonlyMap<string, ReadonlySet<string> | undefined>;

export function declaredSecrets({ cluster, ofKind }: TargetView): Declared {
  const declared = new Map<string, ReadonlySet<string> | undefined>();
  for (const { name, namespaces, keys } of cluster.secrets) {
    const known = new Set(keys.map(({ key }) => key));
    for (const namespace of namespaces) declared.set(`${namespace}/${name}`, known);
  }
  for (const { object } of ofKind("Secret")) {
    const keys = Object.keys({ ...recordOf(object["data"]), ...recordOf(object["stringData"]) });
    declared.set(`${object.metadata.namespace}/${object.metadata.name}`, new Set(keys));
  }
  for (const { object } of ofKind("Certificate")) {
    const name = recordOf(object["spec"])["secretName"];
    declared.set(`${object.metadata.namespace}/${String(name)}`, undefined);
  }
  return declared;
}

function secretNames(pod: PodTemplate): string[] {
  const volumes = pod.volumes.map((volume) => recordOf(volume["secret"]));
  const references = [
    ...volumes.map(({ secretName, optional }) => ({ name: secretName, optional })),
    ...projectedSources(pod, "secret"),
    ...pod.containers.flatMap(({ envFrom }) =>
      envFrom.map((entry) => recordOf(entry["secretRef"])),
    ),
    ...recordsIn(pod.spec["imagePullSecrets"]),
  ];
  const keys = secretKeys(pod).map(({ name }) => name);
  return [...new Set([...required(references).map(({ name }) => String(name)), ...keys])];
}

function secretKeys(pod: PodTemplate): { readonly name: string; readonly key: string }[] {
  return keyUses(pod, { env: "secretKeyRef", volume: "secret", volumeName: "secretName" });
}

function checkName(
  { compiled, namespace }: PodTemplate,
  name: string,
  view: TargetView,
): readonly Diagnostic[] {
  const from = { object: compiled.object, path: compiled.origin.path };
  return checkReference(view, { from, kind: "Secret", name, namespace, field: "containers" });
}

function* checkKey(
  { compiled, namespace }: PodTemplate,
  { name, key }: { readonly name: string; readonly key: string },
  declared: Declared,
): Iterable<Diagnostic> {
  const keys = declared.get(`${namespace}/${name}`);
  if (keys === undefined || keys.has(key)) return;
  const object = displayRef(refOf(compiled.object));
  yield missingKey(compiled.origin.path, { object, kind: "Secret", name, key });
}
