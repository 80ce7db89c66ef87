// Requests and answers over HTTPS: bodies, forms, headers, subresources, probes.

import { request } from "node:https";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Pod } from "../../kubernetes/index.ts";
import type { NodeAgentHook } from "../api/node-agent-hook.ts";
import { askHttp2 } from "./testing/https-client.ts";
import { startServedCluster } from "./testing/served-cluster.ts";
import type { ServedCluster } from "./testing/served-cluster.ts";
import { CONFIG_MAPS, configMap, TABLE, startShop, NAMESPACE } from "./testing/shop.ts";

let cluster: ServedCluster;

beforeAll(async () => {
  cluster = await startShop();
});
afterAll(() => cluster.served.close());

describe("requests", () => {
  it("speaks HTTP/2 as well", async () => {
    const { url, caPem: ca, token } = cluster.served;
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const created = await askHttp2(url + CONFIG_MAPS, {
      method: "POST",
      ca,
      headers,
      body: JSON.stringify(configMap("h2")),
    });
    expect(created.status).toBe(201);
    const listed = await askHttp2(`${url}${CONFIG_MAPS}?fieldSelector=metadata.name=h2`, {
      ca,
      headers,
    });
    expect(JSON.parse(listed.text).items).toHaveLength(1);
  });

  it.each([
    ["unknown resource", "GET", "/api/v1/widgets", 404],
    ["unknown group", "GET", "/apis/nope.example.com/v1/things", 404],
    ["namespaced resource without a namespace", "GET", "/api/v1/pods/x", 404],
    ["POST to an object", "POST", `${CONFIG_MAPS}/x`, 405],
    ["PUT to a collection", "PUT", CONFIG_MAPS, 405],
    ["DELETE of all namespaces", "DELETE", "/api/v1/namespaces", 405],
    ["HEAD", "HEAD", CONFIG_MAPS, 405],
    ["OPTIONS", "OPTIONS", CONFIG_MAPS, 405],
    ["a bad limit", "GET", `${CONFIG_MAPS}?limit=x`, 400],
    ["a bad field selector", "GET", `${CONFIG_MAPS}?fieldSelector=spec.x=1`, 400],
    ["a bad table option", "GET", `${CONFIG_MAPS}?includeObject=All`, 400],
    ["a bad dry run", "POST", `${CONFIG_MAPS}?dryRun=Some`, 422],
    ["a path that is no URL encoding", "GET", `${CONFIG_MAPS}/%zz`, 404],
  ])("answers %s with a status", async (_name, method, path, status) => {
    const body = method === "POST" || method === "PUT" ? configMap("x") : undefined;
    expect((await cluster.send(method, path, body)).status).toBe(status);
  });

  it.each([
    ["no JSON", "application/json", "{", 400],
    ["an unknown type", "text/csv", "a,b", 415],
    ["CBOR", "application/cbor", "x", 415],
    ["three megabytes and a bit", "application/json", " ".repeat(3 * 1024 * 1024 + 1), 413],
  ])("refuses a body of %s", async (_name, type, body, status) => {
    const answer = await cluster.send("POST", CONFIG_MAPS, body, { "content-type": type });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ kind: "Status", code: status });
  });

  it("cuts a client that goes on sending a refused body", async () => {
    const { url, caPem: ca, token } = cluster.served;
    const outgoing = request(url + CONFIG_MAPS, {
      method: "POST",
      ca,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    });
    const closed = new Promise((resolve) => outgoing.once("close", resolve));
    outgoing.on("error", () => {});
    outgoing.on("response", (response) => response.on("error", () => {}).resume());
    const part = Buffer.alloc(1024 * 1024, " ");
    const send = (): void => {
      while (outgoing.writable && outgoing.write(part));
    };
    outgoing.on("drain", send);
    send();
    await closed;
  });

  it("reads YAML and answers YAML", async () => {
    const body = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: yaml}\ndata: {a: 'yes'}\n";
    const headers = { "content-type": "application/yaml", accept: "application/yaml" };
    const answer = await cluster.send("POST", CONFIG_MAPS, body, headers);
    expect(answer.status).toBe(201);
    expect(answer.headers["content-type"]).toBe("application/yaml");
    expect(answer.text).toContain('data:\n  a: "yes"\n');
  });

  it("refuses what it cannot answer in", async () => {
    expect((await cluster.get(CONFIG_MAPS, "text/csv")).status).toBe(406);
  });

  it("warns about unknown fields in a header", async () => {
    const body = { ...configMap("warned"), nope: 1 };
    const answer = await cluster.send("POST", `${CONFIG_MAPS}?dryRun=All`, body);
    expect(answer.headers["warning"]).toBe(String.raw`299 - "unknown field \"nope\""`);
    expect(answer.headers["audit-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("names field managers after the user agent", async () => {
    const answer = await cluster.send("POST", CONFIG_MAPS, configMap("managed", { a: "1" }), {
      "user-agent": "agent/1.0 (x)",
    });
    expect(JSON.parse(answer.text).metadata.managedFields[0].manager).toBe("agent");
  });

  it("applies with the status of what happened", async () => {
    const body = JSON.stringify(configMap("applied", { a: "1" }));
    const path = `${CONFIG_MAPS}/applied?fieldManager=me`;
    const type = { "content-type": "application/apply-patch+yaml" };
    expect((await cluster.send("PATCH", path, body, type)).status).toBe(201);
    expect((await cluster.send("PATCH", path, body, type)).status).toBe(200);
  });

  it("deletes and says what is gone", async () => {
    const made = JSON.parse((await cluster.send("POST", CONFIG_MAPS, configMap("gone"))).text);
    const answer = await cluster.send("DELETE", `${CONFIG_MAPS}/gone`);
    expect(JSON.parse(answer.text)).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Success",
      details: { name: "gone", kind: "configmaps", uid: made.metadata.uid },
    });
  });

  it("binds pods by their subresource and by the old collection", async () => {
    const pods = "/api/v1/namespaces/shop/pods";
    for (const [name, path] of [
      ["bound", `${pods}/bound/binding`],
      ["bound-too", "/api/v1/namespaces/shop/bindings"],
    ] as const) {
      const spec = { containers: [{ name: "c", image: "i:1" }] };
      await cluster.send("POST", pods, { apiVersion: "v1", kind: "Pod", metadata: { name }, spec });
      const target = { apiVersion: "v1", kind: "Node", name: "n1" };
      const binding = { apiVersion: "v1", kind: "Binding", metadata: { name }, target };
      expect((await cluster.send("POST", path, binding)).status).toBe(201);
      expect(JSON.parse((await cluster.get(`${pods}/${name}`)).text).spec.nodeName).toBe("n1");
    }
  });

  it("keeps one spec of pods that were created with equal ones", async () => {
    const pods = "/api/v1/namespaces/shop/pods";
    const podOf = (name: string, image: string) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name },
      spec: { containers: [{ name: "c", image }] },
    });
    await cluster.send("POST", pods, podOf("twin-1", "i:1"));
    await cluster.send("POST", pods, podOf("twin-2", "i:1"));
    await cluster.send("POST", pods, podOf("other", "i:2"));
    const containersOf = (name: string): unknown => {
      const key = { resource: "/pods", namespace: "shop", name };
      return (cluster.api.store.get(key) as Pod | undefined)?.spec.containers;
    };
    expect(containersOf("twin-2")).toBe(containersOf("twin-1"));
    expect(containersOf("other")).not.toBe(containersOf("twin-1"));
  });

  it("takes the tokens it gives to service accounts", async () => {
    const metadata = { name: "robot" };
    const accounts = "/api/v1/namespaces/shop/serviceaccounts";
    await cluster.send("POST", accounts, { apiVersion: "v1", kind: "ServiceAccount", metadata });
    const asked = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
    const { status } = JSON.parse(
      (await cluster.send("POST", `${accounts}/robot/token`, asked)).text,
    );
    const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    const authorization = `Bearer ${status.token}`;
    const answer = JSON.parse((await cluster.send("POST", path, review, { authorization })).text);
    expect(answer.status.userInfo.username).toBe("system:serviceaccount:shop:robot");
    const tokens = "/apis/authentication.k8s.io/v1/tokenreviews";
    const spec = { token: status.token };
    const checked = await cluster.send("POST", tokens, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      spec,
    });
    expect(JSON.parse(checked.text).status).toMatchObject({
      authenticated: true,
      user: { username: "system:serviceaccount:shop:robot" },
    });
  });

  it("follows a pod's log and picks the container", async () => {
    const nodeAgent: NodeAgentHook = {
      logs(_pod, { container, tailLines }, onChunk) {
        onChunk(`${container} ${tailLines}\n`);
        return Promise.resolve();
      },
    };
    const other = await startServedCluster({ nodeAgent });
    const containers = ["a", "b"].map((name) => ({ name, image: "i:1" }));
    const spec = { nodeName: "n", containers };
    const pods = "/api/v1/namespaces/shop/pods";
    await other.send("POST", "/api/v1/namespaces", NAMESPACE);
    await other.send("POST", pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec,
    });
    expect((await other.get(`${pods}/p/log?container=b&tailLines=5`)).text).toBe("b 5\n");
    const unnamed = await other.get(`${pods}/p/log`);
    expect(JSON.parse(unnamed.text).message).toBe(
      "a container name must be specified for pod p, choose one of: [a b]",
    );
    expect((await other.get(`${pods}/p/log?container=c`)).status).toBe(400);
    await other.served.close();
  });

  it("compresses long answers when asked", async () => {
    const data = { a: "x".repeat(200_000) };
    await cluster.send("POST", CONFIG_MAPS, configMap("long", data));
    const answer = await cluster.send("GET", `${CONFIG_MAPS}/long`, undefined, {
      "accept-encoding": "gzip",
    });
    expect(answer.headers["content-encoding"]).toBe("gzip");
  });
});

describe("representations", () => {
  it("prints tables", async () => {
    await cluster.send("POST", CONFIG_MAPS, configMap("t", { a: "1" }));
    const table = JSON.parse((await cluster.get(`${CONFIG_MAPS}/t`, TABLE)).text);
    expect(table).toMatchObject({
      kind: "Table",
      apiVersion: "meta.k8s.io/v1",
      rows: [{ cells: ["t", 1, expect.any(String)], object: { kind: "PartialObjectMetadata" } }],
    });
  });

  it("reduces objects to their metadata", async () => {
    const as = (kind: string): string => `application/json;as=${kind};v=v1;g=meta.k8s.io`;
    const one = JSON.parse(
      (await cluster.get("/api/v1/namespaces/shop", as("PartialObjectMetadata"))).text,
    );
    expect(Object.keys(one)).toEqual(["kind", "apiVersion", "metadata"]);
    const list = (await cluster.get("/api/v1/namespaces", as("PartialObjectMetadataList"))).text;
    expect(JSON.parse(list)).toMatchObject({
      kind: "PartialObjectMetadataList",
      items: [{ kind: "PartialObjectMetadata" }],
    });
  });
});

describe("health", () => {
  it.each([
    ["/readyz/ping", 200, "ok"],
    ["/livez/nope", 404, "404 page not found\n"],
    ["/readyz?verbose", 200, "[+]ping ok\nreadyz check passed\n"],
  ])("answers %s", async (path, status, text) => {
    expect(await cluster.get(path)).toMatchObject({ status, text });
  });

  it("fails with what is not ready", async () => {
    const readiness = [{ name: "sync", check: () => "still starting" }];
    const other = await startServedCluster({}, { readiness });
    const answer = await other.get("/readyz");
    expect(answer).toMatchObject({
      status: 500,
      text: "[+]ping ok\n[-]sync failed: reason withheld\nreadyz check failed\n",
    });
    expect((await other.get("/livez")).status).toBe(200);
    await other.served.close();
  });
});
