// Whether a request fits into the quotas of its namespace, and what they will have used then. Pure.
// Mirrors CheckRequest of k8s.io/apiserver pkg/admission/plugin/resourcequota/controller.go @v1.36.

import { compareQuantities, formatQuantity } from "../../core/index.ts";
import type { Quantity } from "../../core/index.ts";
import type { KubernetesObject } from "../object.ts";
import type { QuotaEvaluator, QuotaOperation } from "./evaluator.ts";
import {
  addAllQuantities,
  formatQuantities,
  onlyQuantities,
  readQuantities,
} from "./quantities.ts";
import type { Quantities } from "./quantities.ts";
import { scopesOf } from "./resource-quota.ts";
import type { ResourceQuota } from "./resource-quota.ts";

export interface Charge {
  readonly quota: ResourceQuota;
  /** `status.used` with the request in it. */
  readonly used: Readonly<Record<string, string>>;
}

export type ChargeOutcome =
  | { readonly outcome: "fits"; readonly charges: readonly Charge[] }
  | { readonly outcome: "refused"; readonly why: string };

export function chargeQuotas(
  quotas: readonly ResourceQuota[],
  request: QuotaOperation & { readonly object: KubernetesObject },
  evaluator: QuotaEvaluator,
  now: number,
): ChargeOutcome {
  const charges: Charge[] = [];
  const concerned = quotas.filter((quota) => concerns(quota, request.object, evaluator));
  for (const quota of concerned) {
    const why = unready(quota, request.object, evaluator);
    if (why !== undefined) return { outcome: "refused", why };
  }
  const usage = evaluator.usage(request.object, now);
  for (const quota of concerned) {
    const hard = readQuantities(quota.status?.hard);
    const more = increase(quota, request, evaluator, usage, now);
    const asked = onlyQuantities(more, new Set(hard.keys()));
    if (asked.size === 0) continue;
    const used = readQuantities(quota.status?.used);
    const why = exceeded(quota, { asked, used, hard });
    if (why !== undefined) return { outcome: "refused", why };
    addAllQuantities(used, asked);
    charges.push({ quota, used: formatQuantities(used) });
  }
  return { outcome: "fits", charges };
}

/** The quota measures something of such objects, and every scope fits this one. */
function concerns(
  quota: ResourceQuota,
  object: KubernetesObject,
  evaluator: QuotaEvaluator,
): boolean {
  return (
    measured(quota, evaluator).length > 0 &&
    scopesOf(quota).every((scope) => evaluator.inScope(scope, object))
  );
}

function measured({ status }: ResourceQuota, evaluator: QuotaEvaluator): readonly string[] {
  return Object.keys(status?.hard ?? {}).filter(evaluator.measures);
}

function unready(
  quota: ResourceQuota,
  object: KubernetesObject,
  evaluator: QuotaEvaluator,
): string | undefined {
  const names = measured(quota, evaluator);
  const lacks = evaluator.lacks?.(names, object);
  const { name } = quota.metadata;
  if (lacks !== undefined) return `failed quota: ${name}: ${lacks}`;
  if (names.every((one) => quota.status?.used?.[one] !== undefined)) return undefined;
  return `status unknown for quota: ${name}, resources: ${names.toSorted().join(",")}`;
}

/** An update is charged for what it adds, in full where the old object was not counted. */
function increase(
  quota: ResourceQuota,
  { operation, oldObject }: QuotaOperation,
  evaluator: QuotaEvaluator,
  usage: Quantities,
  now: number,
): Quantities {
  const isCounted =
    operation === "UPDATE" && oldObject !== undefined && concerns(quota, oldObject, evaluator);
  const before: Quantities = isCounted ? evaluator.usage(oldObject, now) : new Map();
  const more = new Map<string, Quantity>();
  for (const [name, { nanos, format }] of usage) {
    const added = nanos - (before.get(name)?.nanos ?? 0n);
    if (added > 0n) more.set(name, { nanos: added, format });
  }
  return more;
}

function exceeded(
  { metadata }: ResourceQuota,
  {
    asked,
    used,
    hard,
  }: { readonly asked: Quantities; readonly used: Quantities; readonly hard: Quantities },
): string | undefined {
  const total = new Map(used);
  addAllQuantities(total, asked);
  const over = [...asked.keys()].filter((name) => isOver(total.get(name), hard.get(name)));
  if (over.length === 0) return undefined;
  const print = (quantities: Quantities): string => printed(quantities, over.toSorted());
  return `exceeded quota: ${metadata.name}, requested: ${print(asked)}, used: ${print(used)}, limited: ${print(hard)}`;
}

function isOver(total: Quantity | undefined, hard: Quantity | undefined): boolean {
  return total !== undefined && hard !== undefined && compareQuantities(total, hard) > 0;
}

function printed(quantities: Quantities, names: readonly string[]): string {
  const parts = names.flatMap((name) => {
    const quantity = quantities.get(name);
    return quantity === undefined ? [] : [`${name}=${formatQuantity(quantity)}`];
  });
  return parts.join(",");
}
