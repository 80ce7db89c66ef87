// What the shop sells. A real shop keeps this in its database; here it is fixed so that the orders are the story.

export interface Product {
  readonly name: string;
  readonly title: string;
  readonly priceCents: number;
}

export const PRODUCTS: readonly Product[] = [
  { name: "lantern", title: "Harbour lantern", priceCents: 4900 },
  { name: "anchor", title: "Small anchor", priceCents: 12_900 },
  { name: "rope", title: "Rope, 20 metres", priceCents: 2450 },
  { name: "compass", title: "Brass compass", priceCents: 8600 },
];

export function findProduct(name: string): Product | undefined {
  return PRODUCTS.find((product) => product.name === name);
}
