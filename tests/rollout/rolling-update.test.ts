// Rolling updates of real processes under constant load lose nothing. For the numbers of the release notes:
//
//   KEELSON_ROLLOUT_REQUESTS=10000 KEELSON_ROLLOUT_UPDATES=5 npx vitest run tests/rollout

import { afterAll, beforeAll, expect, it } from "vitest";

import { startLoad } from "./load.ts";
import { startProcessPlatform, type ProcessPlatform } from "./process-platform.ts";

const REQUESTS = Number(process.env["KEELSON_ROLLOUT_REQUESTS"] ?? 200);
const UPDATES = Number(process.env["KEELSON_ROLLOUT_UPDATES"] ?? 1);

let platform: ProcessPlatform;

beforeAll(async () => {
  platform = await startProcessPlatform();
  await platform.deploy("web", 2);
});
afterAll(() => platform.stop());

it(`${UPDATES} rolling updates under at least ${REQUESTS} requests lose none`, async () => {
  const load = startLoad(platform.ingress.httpPort, "web.example.com", {
    concurrency: 8,
    methods: ["GET", "GET", "POST"],
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
