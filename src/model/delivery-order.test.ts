// In which wave each part arrives and who is waited for, from what each needs.

import { describe, expect, it } from "vitest";

import type { CompiledChart } from "./contracts/emission.ts";
import type { DeliveredFolder, DeliveryNeeds } from "./contracts/engine.ts";
import { deliveryOrder } from "./delivery-order.ts";

type Needs = Partial<DeliveryNeeds>;

const whole = (needs: Needs): DeliveryNeeds => ({ folders: [], charts: [], ...needs });
const folder = (name: string, needs: Needs): DeliveredFolder => ({
  name,
  path: name,
  namespace: name,
  namespaces: [name],
  wave: 1,
  needs: whole(needs),
});
const chart = (name: string, needs: Needs) => ({
  // The order looks at names alone.
  chart: { name } as CompiledChart,
  needs: whole(needs),
});

interface Case {
  readonly name: string;
  readonly folders: Readonly<Record<string, Needs>>;
  readonly charts: Readonly<Record<string, Needs>>;
  /** `<wave> <awaited>`; charts with a star. */
  readonly order: Readonly<Record<string, string>>;
}

const CASES: readonly Case[] = [
  { name: "nothing waits for nothing", folders: { a: {} }, charts: {}, order: { a: "0 -" } },
  {
    name: "namespaces, then definitions, then what is of their kind",
    folders: { spaces: {}, web: { folders: ["spaces"], charts: ["kinds"] } },
    charts: { kinds: { folders: ["spaces"] } },
    order: { spaces: "0 applied", "kinds*": "1 applied", web: "2 -" },
  },
  {
    name: "nobody is held up by what nobody waits for",
    folders: { spaces: {}, web: { folders: ["spaces"], charts: ["kinds"] } },
    charts: { kinds: { folders: ["spaces"] }, slow: {} },
    order: { spaces: "0 applied", "kinds*": "1 applied", "slow*": "2 -", web: "2 -" },
  },
  {
    name: "who changes pods is well before pods are made",
    folders: { keys: {}, web: { injectors: ["mesh"] } },
    charts: { mesh: { folders: ["keys"] }, metrics: { injectors: ["mesh"] } },
    order: { keys: "0 applied", "mesh*": "1 well", "metrics*": "2 -", web: "2 -" },
  },
  {
    name: "a folder of which a part waits for those who wait for it",
    folders: { spaces: { later: ["policy"] }, web: { folders: ["spaces"] } },
    charts: { policy: { folders: ["spaces"] } },
    order: { spaces: "0 begun", "policy*": "1 -", web: "1 -" },
  },
  {
    name: "a need of what is not delivered",
    folders: { web: { charts: ["gone"], folders: ["gone"] } },
    charts: {},
    order: { web: "0 -" },
  },
];

describe("the order of delivery", () => {
  it.each(CASES)("$name", ({ folders, charts, order }) => {
    const parts = {
      folders: Object.entries(folders).map(([name, needs]) => folder(name, needs)),
      charts: Object.entries(charts).map(([name, needs]) => chart(name, needs)),
    };
    const found = deliveryOrder(parts);
    const shown = Object.keys(order).map((key) => {
      const name = key.replace("*", "");
      const { wave, awaited = "-" } = key.endsWith("*") ? found.chart(name) : found.folder(name);
      return [key, `${wave} ${awaited}`];
    });
    expect(Object.fromEntries(shown)).toEqual(order);
  });
});
