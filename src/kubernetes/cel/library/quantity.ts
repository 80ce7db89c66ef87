// Kubernetes quantities (apiserver pkg/cel/library/quantity.go).

import { parseQuantity, type Quantity } from "../../../core/index.ts";
import { CelError, CelOpaque } from "../values/value.ts";
import type { Library } from "./overload.ts";

const NANO = 1_000_000_000n;
const INT_LIMIT = 2n ** 63n;

class CelQuantity extends CelOpaque {
  override readonly typeName = "kubernetes.Quantity";
  readonly quantity: Quantity;

  constructor(quantity: Quantity) {
    super();
    this.quantity = quantity;
  }

  get nanos(): bigint {
    return this.quantity.nanos;
  }

  override equals(other: CelOpaque): boolean {
    return other instanceof CelQuantity && other.nanos === this.nanos;
  }
}

const Q = "kubernetes.Quantity";

function compare(a: bigint, b: bigint): bigint {
  return a < b ? -1n : a > b ? 1n : 0n;
}

function moved({ quantity }: CelQuantity, nanos: bigint): CelQuantity {
  return new CelQuantity({ ...quantity, nanos: quantity.nanos + nanos });
}

/** A quantity that was cut off at the largest value is none. */
function isWhole({ nanos }: CelQuantity): boolean {
  const value = nanos / NANO;
  return nanos % NANO === 0n && value < INT_LIMIT - 1n && value > -INT_LIMIT;
}

export const QUANTITY: Library = {
  [`quantity(string): ${Q}`]: (text: string) => {
    const quantity = parseQuantity(text);
    if (quantity !== undefined) return new CelQuantity(quantity);
    throw new CelError(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  },
  "isQuantity(string): bool": (text: string) => parseQuantity(text) !== undefined,
  [`sign(${Q}): int`]: ({ nanos }: CelQuantity) => compare(nanos, 0n),
  [`${Q}->isGreaterThan(${Q}): bool`]: (a: CelQuantity, b: CelQuantity) => a.nanos > b.nanos,
  [`${Q}->isLessThan(${Q}): bool`]: (a: CelQuantity, b: CelQuantity) => a.nanos < b.nanos,
  [`${Q}->compareTo(${Q}): int`]: (a: CelQuantity, b: CelQuantity) => compare(a.nanos, b.nanos),
  [`${Q}->asApproximateFloat(): double`]: ({ nanos }: CelQuantity) => Number(`${nanos}e-9`),
  [`${Q}->asInteger(): int`]: (quantity: CelQuantity) => {
    if (!isWhole(quantity)) throw new CelError("cannot convert value to integer");
    return quantity.nanos / NANO;
  },
  [`${Q}->isInteger(): bool`]: isWhole,
  [`${Q}->add(${Q}): ${Q}`]: (a: CelQuantity, b: CelQuantity) => moved(a, b.nanos),
  [`${Q}->add(int): ${Q}`]: (a: CelQuantity, b: bigint) => moved(a, b * NANO),
  [`${Q}->sub(${Q}): ${Q}`]: (a: CelQuantity, b: CelQuantity) => moved(a, -b.nanos),
  [`${Q}->sub(int): ${Q}`]: (a: CelQuantity, b: bigint) => moved(a, -b * NANO),
};
