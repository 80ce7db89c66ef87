// An order, and what a customer may ask for.

import { randomUUID } from "node:crypto";

import { findProduct, type Product } from "./products.ts";

export interface Order {
  readonly id: string;
  /** Name of a product. */
  readonly product: string;
  readonly quantity: number;
  /** E-mail address. */
  readonly customer: string;
  readonly totalCents: number;
  /** Reference of the payment; without one the order is paid on invoice. */
  readonly payment?: string;
  /** RFC 3339. */
  readonly placedAt: string;
  /** When the confirmation was sent; RFC 3339. */
  readonly mailedAt?: string;
}

export interface OrderRequest {
  readonly product: Product;
  readonly quantity: number;
  readonly customer: string;
}

export const QUANTITY_MAX = 100;
const ADDRESS = /^[^\s@<>]{1,64}@[^\s@<>]{1,189}$/;

/** What is wrong with a request, one sentence per field. */
export type Refusals = Readonly<Record<string, string>>;

export function readOrderRequest(
  input: Readonly<Record<string, unknown>>,
): { readonly request: OrderRequest } | { readonly refusals: Refusals } {
  const product = findProduct(textField(input, "product"));
  const quantity = Number(textField(input, "quantity"));
  const customer = textField(input, "customer").trim();
  const refusals: Record<string, string> = {};
  if (product === undefined) refusals["product"] = "Choose one of the products.";
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > QUANTITY_MAX)
    refusals["quantity"] = `Enter a whole number from 1 to ${QUANTITY_MAX}.`;
  if (!ADDRESS.test(customer)) refusals["customer"] = "Enter an e-mail address.";
  if (product === undefined || Object.keys(refusals).length > 0) return { refusals };
  return { request: { product, quantity, customer } };
}

/** A form sends text only; JSON may send numbers too. */
export function textField(input: Readonly<Record<string, unknown>>, name: string): string {
  const value = input[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function createOrder(
  { product, quantity, customer }: OrderRequest,
  payment: string | undefined,
  now: Date,
): Order {
  return {
    id: randomUUID(),
    product: product.name,
    quantity,
    customer,
    totalCents: product.priceCents * quantity,
    ...(payment === undefined ? {} : { payment }),
    placedAt: now.toISOString(),
  };
}
