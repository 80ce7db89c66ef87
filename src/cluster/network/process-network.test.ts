// Addresses, names and Service listeners with real sockets behind a real API.

import { readFileSync } from "node:fs";
import { connect, type AddressInfo, type Server } from "node:net";

import { afterEach, describe, expect, it, vi } from "vitest";

import { createPodAddresses, serviceAddress } from "./loopback-addresses.ts";
import {
  startAnswering,
  startNetworkCluster,
  testPod,
  type NetworkCluster,
} from "./testing/network-cluster.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

async function started(...given: Parameters<typeof startNetworkCluster>): Promise<NetworkCluster> {
  const cluster = await startNetworkCluster(...given);
  undo.push(() => cluster.stop());
  return cluster;
}

async function answering(host: string, text: string, port = 0): Promise<number> {
  const server: Server = await startAnswering(host, text, port);
  undo.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** What comes back for `text`; rejects when the connection is refused or reset. */
function ask({ host, port }: { host: string; port: number }, text = "hi"): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    let heard = "";
    socket.on("error", reject);
    socket.on("data", (chunk) => (heard += String(chunk)));
    socket.on("end", () => resolve(heard));
    socket.end(text);
  });
}

describe("pod addresses", () => {
  it("are distinct, stay until released, and come back to the pod that had them", () => {
    const addresses = createPodAddresses("seed");
    const keys = Array.from({ length: 3000 }, (_, index) => `shop/web-${index}`);
    const all = keys.map((key) => addresses.assign(key));
    expect(new Set(all).size).toBe(keys.length);
    expect(keys.map((key) => addresses.assign(key))).toEqual(all);
    expect(
      all.filter((address) => !/^127\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(address)),
    ).toEqual([]);
    expect(addresses.holder(all[7] ?? "")).toBe("shop/web-7");
    addresses.release("shop/web-7");
    expect(addresses.holder(all[7] ?? "")).toBeUndefined();
    expect(createPodAddresses("seed").assign("shop/web-0")).toBe(all[0]);
  });

  it("of Services follow from the ClusterIP alone and are never a pod's", () => {
    const range = Array.from({ length: 65_536 }, (_, n) => `10.43.${n >> 8}.${n & 255}`);
    const mapped = range.map((address) => serviceAddress(address, "seed"));
    expect(new Set(mapped).size).toBe(range.length);
    expect(mapped.every((address) => /^127\.(12[89]|1[3-9]\d|2\d\d)\./.test(address))).toBe(true);
  });
});

describe("Services", () => {
  it("listen while there is an endpoint on this machine, and balance over the ready ones", async () => {
    const { network, expose, replaceEndpoints } = await started();
    const [a, b] = ["web-a", "web-b"].map((name) => network.assignAddress(testPod(name)));
    const targetPort = await answering(a ?? "", "a");
    await answering(b ?? "", "b", targetPort);
    const web = { port: 8080, targetPort, clusterIP: "10.43.7.1" };
    await expose("web", { ...web, endpoints: [{ address: "10.42.0.9" }] });
    const host = network.localise("web.shop", testPod("client"));
    expect(host).toMatch(/^127\./);
    expect(network.listeners).toBe(0);
    await expect(ask({ host, port: 8080 })).rejects.toMatchObject({ code: "ECONNREFUSED" });

    await replaceEndpoints("web", {
      ...web,
      endpoints: [{ address: a ?? "" }, { address: b ?? "" }],
    });
    await vi.waitFor(() => ask({ host, port: 8080 }));
    const answers = [];
    for (let turn = 0; turn < 4; turn += 1)
      answers.push(await ask({ host, port: 8080 }, String(turn)));
    expect(answers.map((text) => text[0]).toSorted((x = "", y = "") => (x < y ? -1 : 1))).toEqual([
      "a",
      "a",
      "b",
      "b",
    ]);
    expect(answers.map((text) => text.slice(2))).toEqual(["0", "1", "2", "3"]);

    await replaceEndpoints("web", { ...web, endpoints: [] });
    await vi.waitFor(() => expect(network.listeners).toBe(0));
    await expect(ask({ host, port: 8080 })).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it.each([
    {
      name: "an endpoint that refuses is passed over",
      endpoints: [{ at: "nobody" }, { at: "b" }],
      want: ["b", "b", "b"],
    },
    {
      name: "one that ends is left out while another is ready",
      endpoints: [{ at: "a", ready: false, serving: true, terminating: true }, { at: "b" }],
      want: ["b", "b", "b"],
    },
    {
      name: "one that ends still serves when it is the last",
      endpoints: [{ at: "a", ready: false, serving: true, terminating: true }],
      want: ["a", "a", "a"],
    },
    {
      name: "one that is neither ready nor ending gets nothing",
      endpoints: [{ at: "a", ready: false, serving: false }, { at: "b" }],
      want: ["b", "b", "b"],
    },
    {
      name: "with session affinity a client stays where it was",
      endpoints: [{ at: "a" }, { at: "b" }],
      spec: { sessionAffinity: "ClientIP" },
      want: ["a", "a", "a"],
    },
  ])("$name", async ({ endpoints, spec, want }) => {
    const { network, expose } = await started();
    const addresses = new Map(
      ["a", "b", "nobody"].map((name) => [name, network.assignAddress(testPod(name))]),
    );
    const targetPort = await answering(addresses.get("a") ?? "", "a");
    await answering(addresses.get("b") ?? "", "b", targetPort);
    await expose("web", {
      port: 8080,
      targetPort,
      ...(spec === undefined ? {} : { spec }),
      endpoints: endpoints.map(({ at, ...conditions }) => ({
        address: addresses.get(at) ?? "",
        ...conditions,
      })),
    });
    const host = network.localise("web.shop.svc.cluster.local", testPod("client"));
    await vi.waitFor(() => ask({ host, port: 8080 }));
    const answers = [];
    for (let turn = 0; turn < want.length; turn += 1) answers.push(await ask({ host, port: 8080 }));
    const got = answers.map((text) => text[0]);
    // Which endpoint a client with affinity met first depends on how often it had to knock.
    if (spec !== undefined) expect(new Set(got).size).toBe(1);
    else expect(got).toEqual(want);
  });

  it("are reset when nobody answers", async () => {
    const { network, expose } = await started();
    const address = network.assignAddress(testPod("nobody"));
    await expose("web", { port: 8080, targetPort: 9, endpoints: [{ address }] });
    const host = network.localise("web.shop", testPod("client"));
    await vi.waitFor(() =>
      expect(ask({ host, port: 8080 })).rejects.toMatchObject({ code: "ECONNRESET" }),
    );
  });

  it("the API answers as kubernetes.default", async () => {
    const port = await answering("127.0.0.1", "api");
    const { network } = await started({
      apiServer: () => ({ host: "127.0.0.1", port }),
      machine: { kind: "per-pod", privilegedBelow: 1024 },
    });
    const url = await vi.waitUntil(() => {
      const text = network.localise("https://kubernetes.default.svc", testPod("client"));
      return text.endsWith(":10443") && text;
    });
    const at = new URL(url);
    expect(await ask({ host: at.hostname, port: Number(at.port) })).toBe("api:hi");
  });
});

describe("a machine with one loopback address", () => {
  it("maps declared ports of pods and every port of a Service", async () => {
    const { network, expose } = await started({
      machine: { kind: "port-map", privilegedBelow: 1024 },
    });
    const pod = testPod("web-a", [8080]);
    const address = network.assignAddress(pod);
    const at = network.reach(address, 8080);
    expect(at.host).toBe("127.0.0.1");
    expect(network.environment(pod)).toMatchObject({
      HOST: "127.0.0.1",
      KEELSON_PORT_MAP: `8080=${at.port}`,
    });
    await answering(at.host, "a", at.port);
    await expose("web", { port: 80, targetPort: 8080, endpoints: [{ address }] });
    const url = await vi.waitUntil(() => {
      const text = network.localise("http://web.shop/cart", testPod("client"));
      return /^http:\/\/127\.0\.0\.1:\d+\/cart$/.test(text) && text;
    });
    const { hostname, port } = new URL(url);
    expect(await ask({ host: hostname, port: Number(port) })).toBe("a:hi");
  });
});

describe("names", () => {
  it("of headless Services are their pods', of external ones what they stand for", async () => {
    const { api, network, expose } = await started();
    const address = network.assignAddress(testPod("db-0"));
    await expose("db", {
      port: 5432,
      targetPort: 5432,
      clusterIP: "None",
      endpoints: [
        { address, hostname: "db-0" },
        { address: "10.42.0.9", hostname: "db-1" },
      ],
    });
    await api.create({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "mail", namespace: "shop" },
      spec: { type: "ExternalName", externalName: "smtp.example.com" },
    });
    const pod = testPod("client");
    expect(network.localise("db-0.db:5432,db.shop:5432", pod)).toBe(
      `${address}:5432,${address}:5432`,
    );
    expect(network.localise("smtp://mail.shop.svc:25", pod)).toBe("smtp://smtp.example.com:25");
    const path = network.environment(pod)["KEELSON_NAMES"] ?? "";
    await vi.waitFor(() =>
      expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({
        names: { "db.shop": [address], "db-0.db.shop": [address] },
        aliases: { "mail.shop": "smtp.example.com" },
      }),
    );
    expect(network.listeners).toBe(0);
  });

  it("the container's own HOST and NODE_OPTIONS stay", async () => {
    const { network } = await started();
    const own = { HOST: "0.0.0.0", NODE_OPTIONS: "--max-old-space-size=64" };
    const environment = network.environment(testPod("web"), own);
    expect(environment["HOST"]).toBeUndefined();
    expect(environment["NODE_OPTIONS"]).toMatch(
      /^--require ".*process-hook\.cjs" --max-old-space-size=64$/,
    );
  });
});
