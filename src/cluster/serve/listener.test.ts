import { expect, it } from "vitest";

import { isLoopback } from "./listener.ts";
import { startServedCluster } from "./testing/served-cluster.ts";

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
