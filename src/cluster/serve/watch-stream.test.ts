// Watches over HTTPS.

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { open } from "./testing/https-client.ts";
import { startServedCluster } from "./testing/served-cluster.ts";
import type { ServedCluster } from "./testing/served-cluster.ts";
import { CONFIG_MAPS, configMap, TABLE, startShop } from "./testing/shop.ts";

let cluster: ServedCluster;

beforeAll(async () => {
  cluster = await startShop();
});
afterAll(() => cluster.served.close());

describe("watches", () => {
  it("streams what happens after a version", async () => {
    const { metadata } = JSON.parse((await cluster.get(CONFIG_MAPS)).text);
    const path = `${CONFIG_MAPS}?watch=1&resourceVersion=${metadata.resourceVersion}&fieldSelector=metadata.name=w`;
    const lines = cluster.watch(path, 3);
    await cluster.send("POST", CONFIG_MAPS, configMap("w"));
    await cluster.send("PUT", `${CONFIG_MAPS}/w`, configMap("w", { a: "1" }));
    await cluster.send("DELETE", `${CONFIG_MAPS}/w`);
    const types = (await lines).map((line) => (line as { readonly type: string }).type);
    expect(types).toEqual(["ADDED", "MODIFIED", "DELETED"]);
  });

  it("ends when its time is up, with a bookmark", async () => {
    const path = `${CONFIG_MAPS}?watch=1&timeoutSeconds=1&allowWatchBookmarks=true&labelSelector=none`;
    const answer = await cluster.get(path);
    expect(JSON.parse(answer.text)).toMatchObject({
      type: "BOOKMARK",
      object: { kind: "ConfigMap" },
    });
  });

  it("names columns in the first event only", async () => {
    for (const name of ["ta", "tb"]) {
      await cluster.send("POST", CONFIG_MAPS, {
        ...configMap(name),
        metadata: { name, labels: { table: "1" } },
      });
    }
    const events = await cluster.watch(`${CONFIG_MAPS}?watch=1&labelSelector=table`, 2, TABLE);
    const tables = events.map((event) => (event as { readonly object: unknown }).object);
    expect(tables).toMatchObject([
      { kind: "Table", columnDefinitions: [{ name: "Name" }, { name: "Data" }, { name: "Age" }] },
      { kind: "Table", columnDefinitions: null, rows: [{ cells: ["tb", 0, expect.any(String)] }] },
    ]);
  });

  it("refuses before the stream starts", async () => {
    const answer = await cluster.get(`${CONFIG_MAPS}?watch=1&resourceVersionMatch=Exact`);
    expect(answer.status).toBe(422);
  });

  it("are counted and end with the server", async () => {
    const other = await startServedCluster();
    const { url, caPem: ca, token } = other.served;
    const headers = { authorization: `Bearer ${token}` };
    const response = await open(`${url}/api/v1/pods?watch=1`, { ca, headers });
    const ended = new Promise((resolve) => response.once("close", resolve));
    response.on("error", () => {});
    response.resume();
    const metrics = (await other.get("/metrics")).text;
    expect(metrics).toContain(
      'apiserver_longrunning_requests{component="apiserver",group="",resource="pods",scope="cluster",subresource="",verb="WATCH",version="v1"} 1',
    );
    await other.served.close();
    await ended;
  });
});
