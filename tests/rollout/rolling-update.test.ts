// Rolling updates of real processes under constant load lose nothing. For the numbers of the release notes:
//
//   KEELSON_ROLLOUT_REQUESTS=10000 KEELSON_ROLLOUT_UPDATES=5 npx vitest run tests/rollout

import { afterAll, beforeAll, expect, it } from "vitest";

import { sendLoad, startProcessPlatform, type ProcessPlatform } from "./process-platform.ts";

const REQUESTS = Number(process.env["KEELSON_ROLLOUT_REQUESTS"] ?? 200);
const UPDATES = Number(process.env["KEELSON_ROLLOUT_UPDATES"] ?? 1);

let platform: ProcessPlatform;

beforeAll(async () => {
  platform = await startProcessPlatform();
  await platform.deploy("web", 2);
});
afterAll(() => platform.stop());

it(`${UPDATES} rolling updates under at least ${REQUESTS} requests lose none`, async () => {
  let updated = 0;
  const load = sendLoad(platform.ingress.httpPort, "web.example.com", {
    concurrency: 8,
    enough: (sent) => sent >= REQUESTS && updated === UPDATES,
  });
  for (let update = 1; update <= UPDATES; update += 1) {
    await platform.roll("web", `v${update}`);
    updated = update;
  }
  const { sent, failed, versions } = await load;
  expect(failed).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(REQUESTS);
  expect([...versions.keys()]).toEqual(
    expect.arrayContaining(Array.from({ length: UPDATES + 1 }, (_, update) => `v${update}`)),
  );
}, 600_000);
