// How requests may be put beside their verb: query parameters, methods, forms of the answer.

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startServedCluster } from "./testing/served-cluster.ts";
import type { ServedCluster } from "./testing/served-cluster.ts";
import { TABLE } from "./testing/shop.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";

let cluster: ServedCluster;
beforeAll(async () => {
  cluster = await startServedCluster();
  for (const name of ["a", "b", "c"]) {
    await cluster.send("POST", MAPS, { apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
  }
});
afterAll(() => cluster.served.close());

describe("pretty", () => {
  const rows = [
    { name: "asked for", path: `${MAPS}/a?pretty=true`, agent: "go", isIndented: true },
    { name: "asked for in short", path: `${MAPS}/a?pretty=1`, agent: "go", isIndented: true },
    { name: "refused", path: `${MAPS}/a?pretty=false`, agent: "curl/8", isIndented: false },
    { name: "refused by nonsense", path: `${MAPS}/a?pretty=x`, agent: "curl/8", isIndented: false },
    { name: "for curl", path: `${MAPS}/a`, agent: "curl/8.5.0", isIndented: true },
    { name: "for a browser", path: MAPS, agent: "Mozilla/5.0 (X11)", isIndented: true },
    { name: "for nobody else", path: MAPS, agent: "kubectl/v1.36.2", isIndented: false },
    { name: "of a refusal", path: `${MAPS}/x?pretty=true`, agent: "go", isIndented: true },
    { name: "of discovery", path: "/apis/apps/v1?pretty=true", agent: "go", isIndented: true },
    { name: "of the version, always", path: "/version", agent: "go", isIndented: true },
  ];
  it.each(rows)("$name", async ({ path, agent, isIndented }) => {
    const { text } = await cluster.send("GET", path, undefined, { "user-agent": agent });
    expect(text).toBe(
      isIndented
        ? JSON.stringify(JSON.parse(text), null, 2)
        : `${JSON.stringify(JSON.parse(text))}\n`,
    );
  });
});

describe("flags", () => {
  it.each(["1", "true", "", "yes"])("watch=%s is a watch", async (value) => {
    const [event] = await cluster.watch(`${MAPS}?watch=${value}&timeoutSeconds=1`, 1);
    expect(event).toMatchObject({ type: "ADDED" });
  });

  it.each(["0", "false", "False"])("watch=%s is a list", async (value) => {
    const { text } = await cluster.get(`${MAPS}?watch=${value}`);
    expect(JSON.parse(text).kind).toBe("ConfigMapList");
  });

  it.each(["-1", "0"])("limit=%s is no limit", async (limit) => {
    const { metadata, items } = JSON.parse((await cluster.get(`${MAPS}?limit=${limit}`)).text);
    expect([items.length, metadata.continue]).toEqual([3, undefined]);
  });
});

describe("items of lists", () => {
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "toys.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "toys", kind: "Toy" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object" } },
        },
      ],
    },
  };
  const custom = "/apis/example.com/v1/namespaces/default/toys";
  const toy = { apiVersion: "example.com/v1", kind: "Toy", metadata: { name: "a" } };
  beforeAll(async () => {
    await cluster.send(
      "POST",
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
      definition,
    );
    await cluster.send("POST", custom, toy);
    await cluster.send("POST", MAPS, {
      data: {},
      metadata: { name: "d" },
      kind: "ConfigMap",
      apiVersion: "v1",
    });
  });

  const rows = [
    { name: "of Go types do not say what they are", path: MAPS, kinds: [undefined, undefined] },
    { name: "of custom kinds do", path: custom, kinds: ["example.com/v1", "Toy"] },
    { name: "of none", path: `${MAPS}?labelSelector=a%3Db`, kinds: undefined },
  ];
  it.each(rows)("$name", async ({ path, kinds }) => {
    const { items } = JSON.parse((await cluster.get(path)).text);
    const said = items.map(({ apiVersion, kind }: Record<string, unknown>) => [apiVersion, kind]);
    expect(new Set(said.map(String))).toEqual(new Set(kinds === undefined ? [] : [String(kinds)]));
  });
});

describe("methods", () => {
  const rows = [
    ["HEAD", `${MAPS}/a`],
    ["OPTIONS", `${MAPS}/a`],
    ["POST", `${MAPS}/a`],
    ["PUT", MAPS],
    ["PATCH", MAPS],
    ["DELETE", "/api/v1/namespaces"],
    ["OPTIONS", "/apis"],
    ["POST", "/version"],
  ] as const;
  it.each(rows)("%s %s is not allowed", async (method, path) => {
    const answer = await cluster.send(method, path);
    expect(answer.status).toBe(405);
    if (method !== "HEAD") expect(JSON.parse(answer.text).reason).toBe("MethodNotAllowed");
  });
});

describe("discovery", () => {
  it("is written in YAML for who asks", async () => {
    const answer = await cluster.get("/apis/policy/v1", "application/yaml");
    expect(answer.headers["content-type"]).toBe("application/yaml");
    expect(answer.text).toContain("groupVersion: policy/v1\nkind: APIResourceList\n");
  });
});

describe("metrics", () => {
  it("count requests with the labels of an API server", async () => {
    await cluster.send(
      "PATCH",
      `${MAPS}/a?dryRun=All&fieldManager=x`,
      "apiVersion: v1\nkind: ConfigMap",
      {
        "content-type": "application/apply-patch+yaml",
      },
    );
    const { text } = await cluster.get("/metrics");
    const samples = text.split("\n").filter((line) => line.startsWith("apiserver_request_total"));
    const labels = (more: string): string => `apiserver_request_total{${more}} `;
    for (const expected of [
      'code="201",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"',
      'code="200",component="apiserver",dry_run="All",group="",resource="configmaps",scope="resource",subresource="",verb="APPLY",version="v1"',
      'code="200",component="apiserver",dry_run="",group="",resource="configmaps",scope="namespace",subresource="",verb="LIST",version="v1"',
    ]) {
      expect(samples.some((line) => line.startsWith(labels(expected)))).toBe(true);
    }
  });
});

describe("a Scale", () => {
  it("has columns of its own", async () => {
    const labels = { app: "scaled" };
    const created = await cluster.send("POST", "/apis/apps/v1/namespaces/default/deployments", {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "scaled" },
      spec: {
        replicas: 3,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "a", image: "a" }] } },
      },
    });
    expect(created.status).toBe(201);
    const path = "/apis/apps/v1/namespaces/default/deployments/scaled/scale";
    const { columnDefinitions, rows } = JSON.parse((await cluster.get(path, TABLE)).text);
    const names = columnDefinitions.map(({ name }: { readonly name: string }) => name);
    expect(names).toEqual(["Name", "Desired", "Available", "Age"]);
    expect(rows).toMatchObject([{ cells: ["scaled", 3, 0, expect.any(String)] }]);
    expect(JSON.parse((await cluster.get(path)).text)).toMatchObject({ kind: "Scale" });
  });
});

describe("an update that names no version", () => {
  const lease = (spec: object) => ({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "unread" },
    spec,
  });
  const leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

  it("overwrites what may be overwritten", async () => {
    const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "unread" } };
    await cluster.send("POST", MAPS, body);
    expect((await cluster.send("PUT", `${MAPS}/unread`, body)).status).toBe(200);
  });

  it("creates a Lease, and does not overwrite one", async () => {
    expect((await cluster.send("PUT", `${leases}/unread`, lease({}))).status).toBe(201);
    const again = await cluster.send("PUT", `${leases}/unread`, lease({ holderIdentity: "b" }));
    expect(again.status).toBe(422);
    expect(JSON.parse(again.text).message).toBe(
      'Lease.coordination.k8s.io "unread" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
  });
});

describe("a body that is no JSON", () => {
  const merge = { "content-type": "application/merge-patch+json" };
  const rows = [
    {
      name: "is shown",
      method: "POST",
      path: MAPS,
      body: '{"a":}',
      message:
        "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character '}' looking for beginning of value ({\"a\":})",
    },
    {
      name: "is shown by its bytes when it is no object, and in part when it is long",
      method: "POST",
      path: MAPS,
      body: "kind: ConfigMap\nmetadata: {name: a}",
      message:
        "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'k' looking for beginning of value (6b696e643a20436f6e6669674d61700a6d657461646174613a207b6e616d ...)",
    },
    {
      name: "of a part names what the part has to be",
      method: "PUT",
      path: "/apis/apps/v1/namespaces/default/deployments/a/scale",
      body: "",
      message:
        "the object provided is unrecognized (must be of type Scale): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
    },
    {
      name: "of a patch is not",
      method: "PATCH",
      path: `${MAPS}/a`,
      body: "{'a':1}",
      headers: merge,
      message:
        "error decoding patch: invalid character '\\'' looking for beginning of object key string",
    },
  ];
  it.each(rows)("$name", async ({ method, path, body, headers, message }) => {
    const answer = await cluster.send(method, path, body, headers);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 400, reason: "BadRequest", message });
  });
});
