// The page a person uses: plain forms that work without a script, labels on every field, errors where they belong.

import type { FeatureState } from "../health.ts";
import type { QueueCounts } from "../mail-queue.ts";
import { QUANTITY_MAX, type Order, type Refusals } from "../orders/order.ts";
import { findProduct, PRODUCTS } from "../orders/products.ts";
import type { Rank } from "../shop-cache.ts";

export interface PageAbout {
  /** Undefined while the order store is away. */
  readonly orders: readonly Order[] | undefined;
  readonly leaders: readonly Rank[] | undefined;
  readonly mail: QueueCounts | undefined;
  readonly features: readonly FeatureState[];
  /** Said after something was done. */
  readonly notice?: string;
  readonly picture?: string;
  readonly refusals?: Refusals;
  /** What the form shows again. */
  readonly values: {
    readonly product?: string;
    readonly quantity?: string;
    readonly customer?: string;
  };
}

export function renderPage(about: PageAbout): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Harbour shop</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><h1>Harbour shop</h1></header>
<main>
${notice(about)}${orderForm(about)}
${orderList(about.orders)}
${pictureForm(about)}
${leaderBoard(about.leaders)}
${mailCounts(about.mail)}
${featureList(about.features)}
</main>
</body>
</html>
`;
}

function notice({ notice: text, refusals }: PageAbout): string {
  if (refusals !== undefined)
    return `<p role="alert" class="alert">The order was not placed. Please correct what is marked.</p>\n`;
  return text === undefined ? "" : `<p role="status" class="notice">${escape(text)}</p>\n`;
}

function orderForm({ values, refusals = {} }: PageAbout): string {
  const options = PRODUCTS.map(({ name, title, priceCents }) => {
    const selected = name === values.product ? " selected" : "";
    return `<option value="${name}"${selected}>${escape(title)}, ${euros(priceCents)}</option>`;
  });
  const customer = escape(values.customer ?? "");
  const quantity = escape(values.quantity ?? "1");
  return `<section aria-labelledby="order-heading">
<h2 id="order-heading">Place an order</h2>
<form method="post" action="/orders">
${field("product", "Product", refusals, (extra) => `<select id="product" name="product"${extra}>${options.join("")}</select>`)}
${field("quantity", "Quantity", refusals, (extra) => `<input id="quantity" name="quantity" type="number" min="1" max="${QUANTITY_MAX}" required value="${quantity}"${extra}>`)}
${field("customer", "E-mail", refusals, (extra) => `<input id="customer" name="customer" type="email" autocomplete="email" required value="${customer}"${extra}>`)}
<button type="submit">Place order</button>
</form>
</section>`;
}

function field(
  name: string,
  label: string,
  refusals: Refusals,
  control: (extra: string) => string,
): string {
  const refusal = refusals[name];
  const extra =
    refusal === undefined ? "" : ` aria-invalid="true" aria-describedby="${name}-error"`;
  const error =
    refusal === undefined ? "" : `<span id="${name}-error" class="error">${escape(refusal)}</span>`;
  return `<p><label for="${name}">${label}</label>${control(extra)}${error}</p>`;
}

function orderList(orders: readonly Order[] | undefined): string {
  const open = `<section aria-labelledby="orders-heading">\n<h2 id="orders-heading">Latest orders</h2>\n`;
  if (orders === undefined)
    return `${open}<p>The order store is away. Orders will show again when it is back.</p>\n</section>`;
  if (orders.length === 0) return `${open}<p>No orders yet.</p>\n</section>`;
  return `${open}<table>
<thead><tr><th scope="col">Product</th><th scope="col">Quantity</th><th scope="col">Total</th><th scope="col">Customer</th><th scope="col">Placed</th><th scope="col">Confirmation</th></tr></thead>
<tbody>
${orders.map(orderRow).join("\n")}
</tbody>
</table>
</section>`;
}

function orderRow(order: Order): string {
  const title = findProduct(order.product)?.title ?? order.product;
  const mailed = order.mailedAt === undefined ? "not sent yet" : `sent ${instant(order.mailedAt)}`;
  const cells = [
    `<a href="/orders/${order.id}">${escape(title)}</a>`,
    String(order.quantity),
    euros(order.totalCents),
    escape(order.customer),
    instant(order.placedAt),
    mailed,
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

function pictureForm({ picture, features }: PageAbout): string {
  const open = `<section aria-labelledby="picture-heading">\n<h2 id="picture-heading">Share a picture</h2>\n`;
  const storage = features.find(({ feature }) => feature === "pictures");
  if (storage?.state === "absent")
    return `${open}<p>No bucket is bound, so pictures cannot be kept.</p>\n</section>`;
  const shown =
    picture === undefined
      ? ""
      : `<figure><img src="/uploads/${escape(picture)}" alt="The picture you shared" width="240"><figcaption>Your picture</figcaption></figure>\n`;
  return `${open}<form method="post" action="/uploads" enctype="multipart/form-data">
<p><label for="picture">Picture (PNG, JPEG, GIF or WebP, up to 5 MB)</label><input id="picture" name="picture" type="file" accept="image/png,image/jpeg,image/gif,image/webp" required></p>
<button type="submit">Upload picture</button>
</form>
${shown}</section>`;
}

function leaderBoard(leaders: readonly Rank[] | undefined): string {
  const open = `<section aria-labelledby="leaders-heading">\n<h2 id="leaders-heading">Most sold</h2>\n`;
  if (leaders === undefined)
    return `${open}<p>The cache is away, so nobody counts what sells.</p>\n</section>`;
  if (leaders.length === 0) return `${open}<p>Nothing sold yet.</p>\n</section>`;
  const items = leaders.map(({ product, sold }) => {
    const title = findProduct(product)?.title ?? product;
    return `<li>${escape(title)}: ${sold}</li>`;
  });
  return `${open}<ol>${items.join("")}</ol>\n</section>`;
}

function mailCounts(mail: QueueCounts | undefined): string {
  const open = `<section aria-labelledby="mail-heading">\n<h2 id="mail-heading">Confirmations</h2>\n`;
  if (mail === undefined)
    return `${open}<p>The mail queue is away, so no confirmations are sent.</p>\n</section>`;
  const dead = mail.deadLetters === undefined ? "" : `, ${mail.deadLetters} could not be delivered`;
  return `${open}<p>${mail.waiting + mail.inFlight} waiting${dead}.</p>\n</section>`;
}

function featureList(features: readonly FeatureState[]): string {
  const items = features.map(({ feature, backEnd, state }) => {
    return `<li>${escape(feature)}: ${escape(backEnd)} is ${state}</li>`;
  });
  return `<section aria-labelledby="features-heading">
<h2 id="features-heading">What runs behind this page</h2>
<ul>${items.join("")}</ul>
</section>`;
}

function euros(cents: number): string {
  return `€${(cents / 100).toFixed(2)}`;
}

function instant(text: string): string {
  return `<time datetime="${escape(text)}">${escape(text.slice(0, 19).replace("T", " "))}</time>`;
}

export function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

export const STYLE = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 0 1rem 3rem; }
label { display: block; font-weight: 600; }
input, select, button { font: inherit; padding: 0.4rem 0.6rem; }
button { cursor: pointer; }
:focus-visible { outline: 3px solid #1a6fd4; outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid #8888; padding: 0.3rem 0.8rem 0.3rem 0; text-align: left; }
.notice { border-left: 4px solid #2c7a3f; padding: 0.4rem 0.8rem; }
.alert, .error { border-left: 4px solid #b3261e; padding: 0.4rem 0.8rem; }
.error { display: block; }
`;
