// `/metrics` as a scraper sees it.

import { afterAll, beforeAll, expect, it } from "vitest";

import { createRealClock } from "../../core/index.ts";
import type { ServedCluster } from "./testing/served-cluster.ts";
import { CONFIG_MAPS, configMap, startShop } from "./testing/shop.ts";

let cluster: ServedCluster;
beforeAll(async () => {
  cluster = await startShop();
});
afterAll(() => cluster.served.close());

/** By name and labels. */
async function scrape(): Promise<ReadonlyMap<string, number>> {
  const { text } = await cluster.get("/metrics");
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    samples.map((line) => {
      const space = line.lastIndexOf(" ");
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

const LIST =
  'component="apiserver",dry_run="",group="",resource="configmaps",scope="namespace",subresource="",verb="LIST",version="v1"';

it("tells how long requests took", async () => {
  for (let count = 0; count < 3; count += 1) await cluster.get(CONFIG_MAPS);
  const samples = await scrape();
  const name = "apiserver_request_duration_seconds";
  expect(samples.get(`${name}_count{${LIST}}`)).toBe(3);
  expect(samples.get(`${name}_bucket{${LIST},le="60"}`)).toBe(3);
  expect(samples.get(`${name}_sum{${LIST}}`)).toBeLessThan(60);
});

it("leaves watches out of that", async () => {
  await cluster.get(`${CONFIG_MAPS}?watch=1&timeoutSeconds=1`);
  const names = [...(await scrape()).keys()].filter((name) => name.includes('verb="WATCH"'));
  expect(names).toEqual([
    expect.stringMatching(/^apiserver_request_total/),
    expect.stringMatching(/^apiserver_longrunning_requests/),
  ]);
});

it("counts what is stored, by both names, and what is being asked", async () => {
  await cluster.send("POST", CONFIG_MAPS, configMap("counted"));
  const samples = await scrape();
  const stored = cluster.api.store.count("/configmaps");
  expect(stored).toBeGreaterThan(0);
  expect(samples.get('apiserver_storage_objects{resource="configmaps"}')).toBe(stored);
  expect(samples.get('apiserver_resource_objects{group="",resource="configmaps"}')).toBe(stored);
  expect(samples.get('apiserver_storage_objects{resource="deployments.apps"}')).toBe(0);
  expect(samples.get('apiserver_current_inflight_requests{request_kind="mutating"}')).toBe(0);
});

it("tells of its process", async () => {
  const samples = await scrape();
  const now = createRealClock().now() / 1000;
  expect(samples.get("process_start_time_seconds")).toBeLessThan(now);
  expect(samples.get("process_start_time_seconds")).toBeGreaterThan(now - 24 * 60 * 60);
  expect(samples.get("process_cpu_seconds_total")).toBeGreaterThan(0);
  expect(samples.get("process_resident_memory_bytes")).toBeGreaterThan(10 * 1024 * 1024);
});
