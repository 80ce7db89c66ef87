import { afterAll, describe, expect, it } from "vitest";

import type { UserInfo } from "../../kubernetes/index.ts";
import { createRequestLimits } from "./request-limits.ts";
import { ask, open } from "./testing/https-client.ts";
import { startServedCluster } from "./testing/served-cluster.ts";

const shop: UserInfo = { name: "shop", groups: ["system:authenticated"] };
const admin: UserInfo = { name: "admin", groups: ["system:masters", "system:authenticated"] };

describe("places", () => {
  const most = { readsMax: 2, writesMax: 1, watchesMax: 1, streamsMax: 1 };
  const limits = createRequestLimits({ ...most, userShare: 1 });

  it.each([
    { name: "reads", place: "read", places: 2 },
    { name: "writes", place: "write", places: 1 },
    { name: "watches", place: "watch", places: 1 },
    { name: "streams", place: "stream", places: 1 },
  ] as const)("$name: as many as there are, and again after one was given back", (row) => {
    const { place, places } = row;
    const taken = Array.from({ length: places }, () => limits.enter(shop, place));
    expect(() => limits.enter(shop, place)).toThrow("Too many requests");
    const [first = () => {}] = taken;
    first();
    // Giving back twice frees one place only.
    first();
    taken[0] = limits.enter(shop, place);
    expect(() => limits.enter(shop, place)).toThrow("Too many requests");
    for (const leave of taken) leave();
  });

  it.each([
    { name: "half of them, unless told otherwise", readsMax: 4, most: 2 },
    { name: "half, rounded up", readsMax: 3, most: 2 },
    { name: "one at least", readsMax: 1, most: 1 },
    { name: "what is told", readsMax: 4, userShare: 0.75, most: 3 },
  ])("go to one user: $name", ({ most: ofOne, ...options }) => {
    const shared = createRequestLimits(options);
    const leave = Array.from({ length: ofOne }, () => shared.enter(shop, "read"));
    expect(() => shared.enter(shop, "read")).toThrow("Too many requests");
    // Other places, other users and whoever repairs the cluster are not concerned.
    shared.enter(shop, "write")();
    shared.enter(admin, "read")();
    for (const left of leave) left();
    shared.enter(shop, "read")();
  });

  it("let an administrator in when they are taken, but for watches", () => {
    const held = [limits.enter(shop, "write"), limits.enter(admin, "write")];
    const watching = limits.enter(admin, "watch");
    expect(() => limits.enter(admin, "watch")).toThrow("Too many requests");
    for (const leave of [...held, watching]) leave();
  });
});

describe("over HTTPS", () => {
  let close = (): Promise<void> => Promise.resolve();
  afterAll(() => close());

  it("answers 429 to the watch too many, and takes it when another has gone", async () => {
    const { served, send } = await startServedCluster({}, { limits: { watchesMax: 1 } });
    close = () => served.close();
    const url = `${served.url}/api/v1/configmaps?watch=true`;
    const asked = { ca: served.caPem, headers: { authorization: `Bearer ${served.token}` } };
    await send("POST", "/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "a" },
    });
    // Asks for a watch where none opens: no place may be kept for it.
    const answered = await send("GET", "/api/v1/namespaces/a/status?watch=true");
    expect(answered.status).toBe(200);
    const first = await open(url, asked);
    expect(first.statusCode).toBe(200);
    const refused = await ask(url, asked);
    expect(refused.status).toBe(429);
    expect((await ask(`${served.url}/version`, asked)).status).toBe(200);
    expect(refused.headers["retry-after"]).toBe("1");
    expect(JSON.parse(refused.text)).toMatchObject({ reason: "TooManyRequests", code: 429 });
    first.destroy();
    // The server learns of it a moment later.
    let status = 429;
    while (status === 429) {
      const again = await open(url, asked);
      status = again.statusCode ?? 0;
      again.destroy();
    }
    expect(status).toBe(200);
  });
});
