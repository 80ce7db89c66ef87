// The hand-over from kubectl's client-side apply: what its annotation says counts as kubectl's own, and the annotation
// follows a server-side apply by kubectl. Mirrors lastappliedmanager.go and lastappliedupdater.go of apimachinery.

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { Resource } from "../resource.ts";
import { compareObjects } from "./compare.ts";
import { difference, union } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";
import { toFieldSet } from "./to-field-set.ts";

const ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
const KUBECTL = "kubectl";

/** Fields whose last applied value is still the live one; undefined for anybody but kubectl. */
export function yieldingFields(
  { facts }: Resource,
  live: KubernetesObject,
  manager: string,
): FieldSet | undefined {
  const text = live.metadata.annotations?.[ANNOTATION];
  if (manager !== KUBECTL || text === undefined || text === "") return undefined;
  const applied = parse(text);
  if (applied === undefined || applied["apiVersion"] !== live.apiVersion) return undefined;
  const { added, modified, removed } = compareObjects(applied, live, facts.schema);
  return difference(toFieldSet(applied, facts.schema), union(union(modified, added), removed));
}

/** The annotation of an object that has one, brought up to date with what kubectl applies now. */
export function withLastApplied(
  object: KubernetesObject,
  applied: KubernetesObject,
  manager: string,
): KubernetesObject {
  const annotations = object.metadata.annotations;
  if (manager !== KUBECTL || annotations?.[ANNOTATION] === undefined) return object;
  const text = configurationText(applied);
  if (annotations[ANNOTATION] === text) return object;
  const metadata = { ...object.metadata, annotations: { ...annotations, [ANNOTATION]: text } };
  return { ...object, metadata };
}

function configurationText(applied: KubernetesObject): string {
  const { managedFields: _managedFields, annotations = {}, ...metadata } = applied.metadata;
  const { [ANNOTATION]: _old, ...others } = annotations;
  const kept = Object.keys(others).length === 0 ? metadata : { ...metadata, annotations: others };
  return `${JSON.stringify({ ...applied, metadata: kept })}\n`;
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
