// Taints and tolerations. Mirrors component-helpers scheduling/corev1/helpers.go and core/v1 toleration.go.

export type TaintEffect = "NoSchedule" | "PreferNoSchedule" | "NoExecute";

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: TaintEffect;
  readonly timeAdded?: string;
}

export interface Toleration {
  /** Empty with `Exists` tolerates every taint. */
  readonly key?: string;
  readonly operator?: "Exists" | "Equal" | "Gt" | "Lt";
  readonly value?: string;
  /** Empty tolerates every effect. */
  readonly effect?: TaintEffect;
  /** How long a NoExecute taint is borne; absent: for ever, negative or zero: not at all. */
  readonly tolerationSeconds?: number;
}

export function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key, operator = "Equal", value = "", effect } = toleration;
  if (effect !== undefined && effect !== taint.effect) return false;
  if (key !== undefined && key !== "" && key !== taint.key) return false;
  switch (operator) {
    case "Exists":
      return true;
    case "Equal":
      return (key ?? "") !== "" && value === (taint.value ?? "");
    case "Gt":
      return Number(taint.value) > Number(value);
    case "Lt":
      return Number(taint.value) < Number(value);
  }
}

/** The first taint with one of the effects that no toleration covers. */
export function findUntoleratedTaint(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
  effects: readonly TaintEffect[],
): Taint | undefined {
  return taints?.find(
    (taint) =>
      effects.includes(taint.effect) &&
      !tolerations?.some((toleration) => tolerates(toleration, taint)),
  );
}

/** How many `PreferNoSchedule` taints the pod does not tolerate; fewer is better. */
export function countUntoleratedPreferences(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
): number {
  let count = 0;
  for (const taint of taints ?? []) {
    if (taint.effect !== "PreferNoSchedule") continue;
    if (!tolerations?.some((toleration) => tolerates(toleration, taint))) count += 1;
  }
  return count;
}
