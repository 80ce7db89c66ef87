// Options of Fluent Bit: where logs go follows from the `logs` slot.

import { object, type Tagged } from "../../../model/index.ts";

export type FluentBitInput = Record<never, never>;
export type FluentBitOptions = Readonly<FluentBitInput>;

export const fluentBitSchema = object<FluentBitOptions>({});

/** Reads what every container writes, on every node, and sends it to who keeps logs. */
export function fluentBit(): Tagged<"fluent-bit", FluentBitInput> {
  return { kind: "fluent-bit" };
}
