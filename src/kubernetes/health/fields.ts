// Reading of untyped status blocks: absent or wrongly typed fields read as empty.

import { isRecord, valueAt } from "../../core/index.ts";
import type { Condition, KubernetesObject } from "../object.ts";
import type { Health } from "./rule.ts";

export function count(object: unknown, ...path: readonly string[]): number {
  const value = valueAt(object, path);
  return typeof value === "number" ? value : 0;
}

export function text(object: unknown, ...path: readonly string[]): string {
  const value = valueAt(object, path);
  return typeof value === "string" ? value : "";
}

/** The records of a list. */
export function items(object: unknown, ...path: readonly string[]): Record<string, unknown>[] {
  const value = valueAt(object, path);
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function isSet(object: unknown, ...path: readonly string[]): boolean {
  const value = valueAt(object, path);
  return value !== undefined && value !== null;
}

/** `status.conditions`, or those of any record with a `conditions` list. */
export function conditionsOf(holder: unknown): readonly Condition[] {
  return items(holder, "conditions") as unknown as readonly Condition[];
}

export function conditionOf(object: KubernetesObject, type: string): Condition | undefined {
  return conditionsOf(object["status"]).find((condition) => condition.type === type);
}

/** The controller has seen the latest `spec`; objects without both counters count as seen. */
export function isObserved(object: KubernetesObject): boolean {
  const observed = valueAt(object, ["status", "observedGeneration"]);
  const { generation } = object.metadata;
  return typeof observed !== "number" || generation === undefined || observed >= generation;
}

export const healthy = (message = ""): Health => ({ status: "Healthy", message });
export const progressing = (message: string): Health => ({ status: "Progressing", message });
export const degraded = (message: string): Health => ({ status: "Degraded", message });
export const suspended = (message: string): Health => ({ status: "Suspended", message });
export const unknown = (message: string): Health => ({ status: "Unknown", message });
