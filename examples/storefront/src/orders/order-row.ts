// An order as a row of a table: the columns are the same in every SQL database.

import type { Order } from "./order.ts";

export interface OrderRow {
  readonly id: string;
  readonly product: string;
  readonly quantity: number;
  readonly customer: string;
  readonly total_cents: number;
  readonly payment: string | null;
  readonly placed_at: Date;
  readonly mailed_at: Date | null;
}

export function orderOf(row: OrderRow): Order {
  return {
    id: row.id,
    product: row.product,
    quantity: row.quantity,
    customer: row.customer,
    totalCents: row.total_cents,
    ...(row.payment === null ? {} : { payment: row.payment }),
    placedAt: row.placed_at.toISOString(),
    ...(row.mailed_at === null ? {} : { mailedAt: row.mailed_at.toISOString() }),
  };
}
