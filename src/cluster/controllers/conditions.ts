// Setting one condition in a list, without touching it when it says the same already.

import type { Condition } from "../../kubernetes/index.ts";

export type ConditionUpdate = Omit<Condition, "lastTransitionTime">;

/** The list with the condition set; `lastTransitionTime` moves only when the status changes. */
export function withCondition<T extends Condition>(
  conditions: readonly T[] | undefined,
  update: ConditionUpdate & Partial<T>,
  now: string,
): readonly Condition[] {
  const list: readonly Condition[] = conditions ?? [];
  const current = list.find(({ type }) => type === update.type);
  const lastTransitionTime =
    current?.status === update.status ? (current.lastTransitionTime ?? now) : now;
  const next: Condition = { ...update, lastTransitionTime };
  if (current === undefined) return [...list, next];
  return list.map((condition) => (condition === current ? next : condition));
}

export function withoutCondition<T extends Condition>(
  conditions: readonly T[] | undefined,
  type: string,
): readonly T[] {
  return (conditions ?? []).filter((condition) => condition.type !== type);
}

export function findCondition<T extends Condition>(
  conditions: readonly T[] | undefined,
  type: string,
): T | undefined {
  return conditions?.find((condition) => condition.type === type);
}
