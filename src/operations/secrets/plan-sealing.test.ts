import { describe, expect, it } from "vitest";

import type { PlannedSecret } from "../../model/index.ts";
import { planSealing, type SealingRequest } from "./plan-sealing.ts";

const secret = (keys: PlannedSecret["keys"]): PlannedSecret => ({
  id: "databases.orders",
  name: "orders-app",
  type: "Opaque",
  namespaces: ["data", "shop"],
  provider: "sealed",
  area: "infrastructure/data",
  origin: ["databases", "orders"],
  keys,
});
const generated = secret([{ key: "password", source: "generated", length: 20 }]);
const personal = secret([{ key: "password", source: "person", description: "of the user orders" }]);
const sealedIn = (...namespaces: string[]): SealingRequest["sealed"] => ({
  "databases.orders": Object.fromEntries(
    namespaces.map((namespace) => [namespace, { password: "blob" }]),
  ),
});

const plan = (
  of: PlannedSecret,
  request: Partial<SealingRequest> = {},
): ReturnType<typeof planSealing> =>
  planSealing({ secrets: [of], sealed: {}, given: {}, again: new Set(), ...request });

describe("what to seal", () => {
  it("generates what nobody has to know", async () => {
    const { ready } = await plan(generated);
    expect(ready[0]?.values["password"]).toHaveLength(20);
  });

  it("waits for what only a person knows, and takes it when given", async () => {
    expect((await plan(personal)).waiting).toMatchObject([
      { missing: [{ key: "password", description: "of the user orders" }] },
    ]);
    const { ready } = await plan(personal, { given: { "databases.orders": { password: "x" } } });
    expect(ready).toMatchObject([{ values: { password: "x" } }]);
  });

  it("leaves alone what is sealed for every namespace", async () => {
    const { unchanged, ready } = await plan(generated, { sealed: sealedIn("data", "shop") });
    expect([unchanged.length, ready.length]).toEqual([1, 0]);
  });

  it("never makes a new value for one that is in use", async () => {
    const { waiting, ready } = await plan(generated, { sealed: sealedIn("data") });
    expect([waiting.length, ready.length]).toEqual([1, 0]);
    const given = { "databases.orders": { password: "in use" } };
    expect((await plan(generated, { sealed: sealedIn("data"), given })).ready).toMatchObject([
      { values: { password: "in use" } },
    ]);
  });

  it("seals anew when asked by name", async () => {
    const { ready } = await plan(generated, {
      sealed: sealedIn("data", "shop"),
      again: new Set(["databases.orders"]),
    });
    expect(ready[0]?.values["password"]).toHaveLength(20);
  });
});
