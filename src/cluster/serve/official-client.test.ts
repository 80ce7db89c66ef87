// The official JavaScript client with our kubeconfig.

import { KubeConfig, CoreV1Api, Watch } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { ServedCluster } from "./testing/served-cluster.ts";
import { startShop } from "./testing/shop.ts";

let cluster: ServedCluster;

beforeAll(async () => {
  cluster = await startShop();
});
afterAll(() => cluster.served.close());

describe("the official client", () => {
  it("works with the kubeconfig", async () => {
    const config = new KubeConfig();
    config.loadFromString(cluster.served.kubeconfig);
    const core = config.makeApiClient(CoreV1Api);
    await core.createNamespacedSecret({
      namespace: "shop",
      body: { metadata: { name: "client" }, stringData: { a: "1" } },
    });
    const { items } = await core.listNamespacedSecret({ namespace: "shop" });
    expect(items.map((item) => item.data)).toEqual([{ a: "MQ==" }]);
    await expect(
      core.readNamespacedSecret({ namespace: "shop", name: "no" }),
    ).rejects.toMatchObject({
      code: 404,
    });
  });

  it("watches", async () => {
    const config = new KubeConfig();
    config.loadFromString(cluster.served.kubeconfig);
    const seen = await new Promise((resolve, reject) => {
      const path = "/api/v1/namespaces";
      const options = { fieldSelector: "metadata.name=shop" };
      let controller: AbortController | undefined;
      const onEvent = (phase: string, object: { readonly metadata: { readonly name: string } }) => {
        resolve([phase, object.metadata.name]);
        controller?.abort();
      };
      new Watch(config)
        .watch(path, options, onEvent, () => {})
        .then((opened) => (controller = opened), reject);
    });
    expect(seen).toEqual(["ADDED", "shop"]);
  });
});
