// Lists that are longer than what goes out at once: whole, in every form, made as the client takes them.

import { createGunzip } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { listSlices } from "./object-text.ts";
import { ask, askHttp2, open, textOf } from "./testing/https-client.ts";
import type { ServedCluster } from "./testing/served-cluster.ts";
import { CONFIG_MAPS, configMap, startShop } from "./testing/shop.ts";
import { TextSlices } from "./text-slices.ts";

const LARGE = "äöü 漢字 😀 ".repeat(20_000);
const COUNT = 40;

let cluster: ServedCluster;
afterAll(() => cluster.served.close());
beforeAll(async () => {
  cluster = await startShop();
  await cluster.send("POST", CONFIG_MAPS, configMap("large", { text: LARGE }));
  for (let index = 0; index < COUNT; index += 1) {
    const name = `map-${String(index).padStart(2, "0")}`;
    await cluster.send("POST", CONFIG_MAPS, configMap(name, { text: `ü${index}`.repeat(3_000) }));
  }
});

interface Listed {
  readonly kind: string;
  readonly items: readonly {
    readonly kind?: string;
    readonly metadata: { readonly name: string };
    readonly data: Readonly<Record<string, string>>;
  }[];
}

function expectWhole(text: string): void {
  const { kind, items } = JSON.parse(text) as Listed;
  expect(kind).toBe("ConfigMapList");
  const own = items.filter(({ metadata }) => metadata.name.startsWith("map-"));
  expect(own.map(({ data }) => data["text"])).toEqual(
    Array.from({ length: COUNT }, (_, index) => `ü${index}`.repeat(3_000)),
  );
  expect(items.find(({ metadata }) => metadata.name === "large")?.data["text"]).toBe(LARGE);
  expect(items.some((item) => "kind" in item)).toBe(false);
}

describe("a large list", () => {
  it.each([
    { name: "HTTP/1.1", how: ask },
    { name: "HTTP/2", how: askHttp2 },
  ])("comes whole over $name", async ({ how }) => {
    const { url, caPem: ca } = cluster.served;
    const { status, headers, text } = await how(url + CONFIG_MAPS, {
      ca,
      headers: { authorization: `Bearer ${cluster.served.token}` },
    });
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("application/json");
    expectWhole(text);
    expect(text.endsWith("]}\n")).toBe(true);
  });

  it.each(["pretty=true", "pretty=false"])("comes whole, %s", async (query) => {
    const { text } = await cluster.get(`${CONFIG_MAPS}?${query}`);
    expectWhole(text);
  });

  it("comes whole and compressed for those who ask for that", async () => {
    const { url, caPem: ca } = cluster.served;
    const headers = { authorization: `Bearer ${cluster.served.token}`, "accept-encoding": "gzip" };
    const response = await open(url + CONFIG_MAPS, { ca, headers });
    expect(response.headers["content-encoding"]).toBe("gzip");
    expectWhole(await textOf(response.pipe(createGunzip())));
  });

  it("leaves others their turn, and is the list of when it was asked for", async () => {
    const { url, caPem: ca, token } = cluster.served;
    await cluster.send("POST", CONFIG_MAPS, configMap("passing"));
    const response = await open(url + CONFIG_MAPS, {
      ca,
      headers: { authorization: `Bearer ${token}` },
    });
    // Nothing of the body is read before these are answered.
    await cluster.send("DELETE", `${CONFIG_MAPS}/passing`);
    await cluster.send("POST", CONFIG_MAPS, configMap("late"));
    const text = await textOf(response);
    expectWhole(text);
    expect(text).toContain('"passing"');
    expect(text).not.toContain('"late"');
  });
});

describe("a text in slices", () => {
  const listOf = (texts: readonly string[]) =>
    listSlices({
      apiVersion: "v1",
      kind: "ConfigMapList",
      itemKind: "ConfigMap",
      metadata: { resourceVersion: "1" },
      items: texts.map((text) => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "one" },
        data: { text },
      })),
      isCustom: false,
    });

  it("is made no further than it is taken", () => {
    const slices = listOf(["a".repeat(90_000), "b".repeat(90_000), "c".repeat(90_000)]);
    expect(slices.next().value?.toString()).toMatch(/"items":\[.$/);
    expect(slices.next().value?.toString()).toMatch(/^"metadata".*a"}},.$/);
    expect(slices.next().value?.toString()).toMatch(/b"}},.$/);
  });

  it("has room for a text of any length and any characters", () => {
    for (const text of ["x".repeat(500_000), "漢".repeat(500_000), "😀".repeat(100_000), ""]) {
      const slices = new TextSlices();
      const parts = ["before", text, "after"].map((one) => slices.add(one));
      const whole = Buffer.concat([...parts.filter((one) => one !== undefined), slices.take()]);
      expect(whole.toString()).toBe(`before${text}after`);
    }
  });

  it("is empty with nothing in it", () => {
    expect(Buffer.concat([...listOf([])]).toString()).toBe(
      '{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}\n',
    );
  });
});
