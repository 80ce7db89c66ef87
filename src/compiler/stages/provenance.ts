// Marks every object with where it comes from, puts all of them in one order, and hands them over to what delivers.

import type { Diagnostic } from "../../core/index.ts";
import { formatPath, isRecord } from "../../core/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { displayRef, formatRef, refOf } from "../../kubernetes/index.ts";
import type {
  CompiledChart,
  CompiledObject,
  CompiledTarget,
  DeliveryEngine,
  EmittedFile,
  Outcome,
} from "../../model/index.ts";
import {
  namedByTemplate,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  ORIGIN_ANNOTATION,
  PART_OF_LABEL,
} from "../../model/index.ts";
import { duplicateObject } from "../diagnostics.ts";
import type { EmitInput, Emitted } from "./emit.ts";
import { slotFiller } from "./emit.ts";
import { handOver } from "./hand-over.ts";
import { defaultWave } from "./waves.ts";

/** One cluster before an engine is told of it. */
export interface Marked {
  readonly input: EmitInput;
  readonly parts: Pick<CompiledTarget, "cluster" | "objects" | "charts" | "engine">;
  readonly files: readonly EmittedFile[];
}

export function provenance(emitted: Emitted, input: EmitInput): Marked {
  const engine = engineOf(input);
  const mark = markerOf(input, engine?.waveAnnotation);
  const objects = sortedByPlace(emitted.objects.map(mark));
  const charts = emitted.charts.map(compiledChart).toSorted((a, b) => compare(a.name, b.name));
  const { cluster } = input;
  const parts = { cluster, objects, charts, ...(engine === undefined ? {} : { engine }) };
  return { input, parts, files: emitted.files };
}

/** Hands it over to its engine; `others` are the other clusters of the environment, which an engine may serve as well. */
export function deliver(
  { input, parts, files }: Marked,
  others: readonly Marked[],
): Outcome<CompiledTarget> {
  const { plan, cluster, graph } = input;
  const peers = others.map((other) => other.parts);
  const handed = handOver(parts, { ...input, peers });
  const component = parts.engine?.name ?? "";
  const mark = markerOf(input, parts.engine?.waveAnnotation);
  const own = handed.objects.map((object) => mark({ ...object, component }));
  const all = own.length === 0 ? parts.objects : sortedByPlace([...parts.objects, ...own]);
  return {
    value: { ...parts, plan, graph, objects: all, files: [...files, ...handed.files] },
    diagnostics: duplicates(all, cluster.target),
  };
}

/** Of the one chosen component that delivers. */
function engineOf({ cluster, registry }: EmitInput): DeliveryEngine | undefined {
  for (const { slot, component, options, path } of cluster.slots) {
    const engine = slotFiller(registry, slot, component).engine?.({ cluster, path }, options);
    if (engine !== undefined) return engine;
  }
  return undefined;
}

type MarkedEntry = Emitted["objects"][number];

function markerOf(
  { cluster }: EmitInput,
  waveAnnotation: string | undefined,
): (entry: MarkedEntry) => CompiledObject {
  const labels = {
    ...cluster.labels,
    [MANAGED_BY_LABEL]: MANAGED_BY,
    [PART_OF_LABEL]: cluster.platform,
  };
  return ({ object: unnamed, area, path, wave, file, comment, policy, component }) => {
    const object = namedByTemplate(unnamed);
    // Only a wave that was asked for is written down; engines order kinds inside a wave themselves.
    const waves =
      wave === undefined || waveAnnotation === undefined ? {} : { [waveAnnotation]: String(wave) };
    const annotations = { ...waves, [ORIGIN_ANNOTATION]: formatPath(path) };
    return {
      object: withMarks(object, labels, annotations),
      area,
      origin: { component, path },
      wave: wave ?? defaultWave(object.kind),
      ...(file === undefined ? {} : { file }),
      ...(comment === undefined ? {} : { comment }),
      ...(policy === undefined ? {} : { policy }),
    };
  };
}

function withMarks(
  object: KubernetesObject,
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): KubernetesObject {
  const { metadata } = object;
  // A record without empty members is still the object it was.
  return withoutNulls({
    ...object,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...labels },
      annotations: { ...metadata.annotations, ...annotations },
    },
  }) as KubernetesObject;
}

/** Kustomize reads `null` in a patch as "remove", so a field without a value is left out; shares what needs no change. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.some(holdsNull) ? value.map(withoutNulls) : value;
  if (!isRecord(value) || !holdsNull(value)) return value;
  const present = Object.entries(value).filter(([, member]) => isPresent(member));
  return Object.fromEntries(present.map(([key, member]) => [key, withoutNulls(member)]));
}

/** A record with an empty member, or anything that contains one. */
function holdsNull(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsNull);
  if (!isRecord(value)) return false;
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (!isPresent(member) || holdsNull(member)) return true;
  }
  return false;
}

function isPresent(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function compiledChart({ component, ...chart }: Emitted["charts"][number]): CompiledChart {
  return { ...chart, origin: { component, path: chart.path } };
}

function duplicates(objects: readonly CompiledObject[], target: string): Diagnostic[] {
  const seen = new Map<string, CompiledObject>();
  return objects.flatMap((compiled) => {
    const ref = refOf(compiled.object);
    const key = formatRef(ref);
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, compiled);
      return [];
    }
    const facts = { first: first.origin.component, second: compiled.origin.component };
    return duplicateObject(compiled.origin.path, {
      object: displayRef(ref),
      target,
      elsewhere: first.origin.path,
      ...facts,
    });
  });
}

function sortedByPlace(objects: readonly CompiledObject[]): CompiledObject[] {
  return objects
    .map((compiled) => [compiled, placeOf(compiled)] as const)
    .toSorted(
      ([a, placeA], [b, placeB]) =>
        compare(a.area, b.area) || a.wave - b.wave || compare(placeA, placeB),
    )
    .map(([compiled]) => compiled);
}

function placeOf({ object: { apiVersion, kind, metadata } }: CompiledObject): string {
  return [kind, metadata.namespace ?? "", metadata.name, apiVersion].join("\u0000");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
