import { afterAll, expect, it } from "vitest";

import { isLoopback } from "./listener.ts";
import { ask, askHttp2 } from "./testing/https-client.ts";
import { startServedCluster } from "./testing/served-cluster.ts";

let close = (): Promise<void> => Promise.resolve();
afterAll(() => close());

it.each([
  { host: "127.0.0.1", is: true },
  { host: "127.8.9.10", is: true },
  { host: "::1", is: true },
  { host: "localhost", is: true },
  { host: "0.0.0.0", is: false },
  { host: "::", is: false },
  { host: "10.0.0.1", is: false },
  { host: "128.0.0.1", is: false },
  { host: "example.com", is: false },
  { host: "localhost.example.com", is: false },
])("$host is an address of this machine alone: $is", ({ host, is }) => {
  expect(isLoopback(host)).toBe(is);
});

it("does not listen where others could reach it", async () => {
  await expect(startServedCluster({}, { host: "0.0.0.0" })).rejects.toThrow("loopback");
});

it("does not take headers without end", async () => {
  const { served } = await startServedCluster();
  close = () => served.close();
  const headers = { authorization: `Bearer ${served.token}`, "x-padding": "x".repeat(80 * 1024) };
  const asked = { ca: served.caPem, headers };
  const overHttp1 = ask(`${served.url}/version`, asked).then(
    ({ status }) => status,
    () => "cut",
  );
  const overHttp2 = askHttp2(`${served.url}/version`, asked).then(
    ({ status }) => status,
    () => "cut",
  );
  expect([431, "cut"]).toContain(await overHttp1);
  expect([431, "cut"]).toContain(await overHttp2);
});
