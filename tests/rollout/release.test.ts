// New versions of real processes go out by canary and by blue/green under constant load: shares measured over requests,
// nothing lost but what the bad version answers. With the storefront itself, and more requests at each step:
//
//   KEELSON_RELEASE_STOREFRONT=1 KEELSON_RELEASE_REQUESTS=2000 npx vitest run tests/rollout/release.test.ts

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { shareOf, startLoad, type Answer, type RunningLoad } from "./load.ts";
import { startReleasePlatform, type ReleasePlatform } from "./release-platform.ts";

const REQUESTS = Number(process.env["KEELSON_RELEASE_REQUESTS"] ?? 200);
const isStorefront = process.env["KEELSON_RELEASE_STOREFRONT"] === "1";
const SHARES = [5, 25, 50, 100];

let platform: ReleasePlatform;

beforeAll(async () => {
  platform = await startReleasePlatform({ isStorefront });
  await Promise.all([
    platform.release("web", "canary", SHARES),
    platform.release("shop", "blueGreen", []),
  ]);
}, 60_000);
afterAll(() => platform.stop());

const loadOn = (app: string): RunningLoad =>
  startLoad(platform.ingress.httpPort, `${app}.example.com`, {
    concurrency: 8,
    // Without a database the storefront takes no orders.
    methods: isStorefront ? ["GET"] : ["GET", "GET", "POST"],
  });

const lost = (answers: readonly Answer[]): readonly Answer[] =>
  answers.filter(({ status, version }) => status !== 200 && !version.startsWith("bad"));

describe("canary", () => {
  it(`takes ${SHARES.join(", ")} percent of the requests`, async () => {
    const load = loadOn("web");
    await platform.update("web", "v1");
    for (const share of SHARES) {
      await platform.paused("web", share);
      expect(Math.abs(shareOf("v1", await load.next(REQUESTS)) - share)).toBeLessThanOrEqual(2);
      await platform.resume("web");
    }
    await platform.settled("web");
    await load.next(REQUESTS);
    expect(shareOf("v1", await load.next(REQUESTS))).toBe(100);
    expect(lost(await load.stop())).toEqual([]);
  }, 600_000);

  it("is aborted by its analysis at 25 percent, and everything goes back to the stable version", async () => {
    const load = loadOn("web");
    // The storefront is bad from the beginning.
    await platform.update("web", isStorefront ? "bad" : "bad-later");
    if (!isStorefront) {
      await platform.paused("web", 5);
      await platform.resume("web");
      await platform.paused("web", 25);
      expect(Math.abs(shareOf("bad-later", await load.next(REQUESTS)) - 25)).toBeLessThanOrEqual(2);
      platform.breakLater();
    }
    expect(await platform.aborted("web")).toContain("received non 2xx response code: 500");
    const after = await load.next(REQUESTS);
    expect(after.filter(({ version }) => version.startsWith("bad"))).toEqual([]);
    expect(lost(await load.stop())).toEqual([]);
  }, 600_000);
});

describe("blue/green", () => {
  it("switches all requests at once, when a person says so", async () => {
    const load = loadOn("shop");
    await platform.update("shop", "v1");
    await platform.paused("shop");
    expect(shareOf("v1", await load.next(REQUESTS))).toBe(0);
    await platform.resume("shop");
    await platform.settled("shop");
    expect(shareOf("v1", await load.next(REQUESTS))).toBe(100);
    expect(lost(await load.stop())).toEqual([]);
  }, 600_000);
});
