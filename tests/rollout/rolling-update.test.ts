// Rolling updates, more and fewer replicas, and pods of another size: real processes under constant load lose nothing. With the storefront itself, and the numbers of the guide:
//
//   KEELSON_RELEASE_STOREFRONT=1 KEELSON_ROLLOUT_REQUESTS=10000 KEELSON_ROLLOUT_UPDATES=5 npx vitest run tests/rollout/rolling

import { afterAll, beforeAll, expect, it } from "vitest";

import { startLoad } from "./load.ts";
import { startProcessPlatform, type ProcessPlatform } from "./process-platform.ts";
import { STOREFRONT } from "./storefront-program.ts";

const REQUESTS = Number(process.env["KEELSON_ROLLOUT_REQUESTS"] ?? 200);
const UPDATES = Number(process.env["KEELSON_ROLLOUT_UPDATES"] ?? 1);
const isStorefront = process.env["KEELSON_RELEASE_STOREFRONT"] === "1";

let platform: ProcessPlatform;

beforeAll(async () => {
  platform = await startProcessPlatform(isStorefront ? { program: STOREFRONT } : {});
  await platform.deploy("web", 2);
}, 60_000);
afterAll(() => platform.stop());

it(`${UPDATES} rolling updates under at least ${REQUESTS} requests lose none`, async () => {
  const load = startLoad(platform.ingress.httpPort, "web.example.com", {
    concurrency: 8,
    // Without a database the storefront takes no orders.
    methods: isStorefront ? ["GET"] : ["GET", "GET", "POST"],
  });
  const enough = load.next(REQUESTS);
  for (let update = 1; update <= UPDATES; update += 1) await platform.roll("web", `v${update}`);
  await enough;
  const answers = await load.stop();
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect(answers.length).toBeGreaterThanOrEqual(REQUESTS);
  expect([...new Set(answers.map(({ version }) => version))]).toEqual(
    expect.arrayContaining(Array.from({ length: UPDATES + 1 }, (_, update) => `v${update}`)),
  );
}, 600_000);

it("from two to six replicas and back, then pods of another size, lose none", async () => {
  const load = startLoad(platform.ingress.httpPort, "web.example.com", {
    concurrency: 8,
    methods: ["GET"],
  });
  const before = await readyPods();
  for (const replicas of [6, 2]) {
    const answered = load.next(50);
    await platform.change("web", { replicas });
    await answered;
    expect(await readyPods()).toHaveLength(replicas);
  }
  await platform.change("web", {
    template: {
      spec: { containers: [{ name: "main", resources: { requests: { memory: "48Mi" } } }] },
    },
  });
  const answers = await load.stop();
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect(answers.length).toBeGreaterThan(100);
  const after = await readyPods();
  expect(after).toHaveLength(2);
  expect(after.filter((name) => before.includes(name))).toEqual([]);
}, 120_000);

async function readyPods(): Promise<string[]> {
  const { items } = await platform.api.list(
    { apiVersion: "v1", kind: "Pod" },
    { namespace: "shop" },
  );
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name);
}
