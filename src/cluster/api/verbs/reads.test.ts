// Lists and watches: versions, pages, selectors, initial events, and history that is gone.

import { beforeEach, describe, expect, it } from "vitest";
import { isGone, StatusError } from "../../../kubernetes/index.ts";
import type { KubeApi, WatchEvent, WatchOptions } from "../../../kubernetes/index.ts";
import { apiFixture, configMap, NAMESPACE, pod, refTo, settle } from "../testing/api-fixture.ts";

const CONFIG_MAPS = { apiVersion: "v1", kind: "ConfigMap" };
const PODS = { apiVersion: "v1", kind: "Pod" };

function told(event: WatchEvent): string {
  if (event.type === "ERROR") return `ERROR ${event.object.code}`;
  const { name, annotations } = event.object.metadata;
  if (event.type === "BOOKMARK") return ["BOOKMARK", ...Object.keys(annotations ?? {})].join(" ");
  return `${event.type} ${name}`;
}

async function codeOf(action: Promise<unknown>): Promise<number | undefined> {
  const error = await action.catch((reason: unknown) => reason);
  return error instanceof StatusError ? error.code : undefined;
}

describe("lists", () => {
  let api: KubeApi;
  const names = async (options: Parameters<KubeApi["list"]>[1] = {}): Promise<string> => {
    const { items } = await api.list(CONFIG_MAPS, { namespace: NAMESPACE, ...options });
    return items.map(({ metadata }) => metadata.name).join(" ");
  };
  beforeEach(async () => {
    ({ api } = apiFixture());
    for (const [name, tier] of [
      ["a", "x"],
      ["b", "x"],
      ["c", "y"],
    ] as const) {
      await api.create(configMap(name, { labels: { tier } }));
    }
  });

  it.each([
    [{ labelSelector: "tier=x" }, "a b"],
    [{ labelSelector: "tier!=x" }, "c"],
    [{ fieldSelector: "metadata.name=b" }, "b"],
    [{ fieldSelector: "metadata.name!=b,metadata.name!=c" }, "a"],
    [{ namespace: "other" }, ""],
    [{ namespace: undefined }, "a b c"],
  ])("%j gives %s", async (options, expected) => {
    expect(await names(options)).toBe(expected);
  });

  it("reads an exact version, and a newer one where that is enough", async () => {
    const { resourceVersion } = await api.list(CONFIG_MAPS);
    await api.create(configMap("d"));
    expect(await names({ resourceVersion, resourceVersionMatch: "Exact" })).toBe("a b c");
    expect(await names({ resourceVersion, resourceVersionMatch: "NotOlderThan" })).toBe("a b c d");
  });

  it.each([
    [{ resourceVersion: "999999" }, 504],
    [{ resourceVersion: "x" }, 400],
    [{ resourceVersion: "0", resourceVersionMatch: "Exact" }, 422],
    [{ resourceVersionMatch: "Exact" }, 422],
    [{ continue: "garbage" }, 400],
    [{ labelSelector: "a in" }, 400],
    [{ fieldSelector: "spec.nope=1" }, 400],
  ] as const)("%j is refused with %i", async (options, code) => {
    expect(await codeOf(api.list(CONFIG_MAPS, options))).toBe(code);
  });

  it("offers a way on when the snapshot of the pages is gone", async () => {
    const fixture = apiFixture(2);
    for (const name of ["a", "b", "c"]) await fixture.api.create(configMap(name));
    const first = await fixture.api.list(CONFIG_MAPS, { limit: 1 });
    for (const name of ["d", "e", "f"]) await fixture.api.create(configMap(name));
    const next = fixture.api.list(CONFIG_MAPS, { limit: 9, continue: first.continue });
    const error = await next.catch((reason: unknown) => reason);
    expect(error).toSatisfy(isGone);
    const token = error instanceof StatusError ? error.status.metadata.continue : undefined;
    const rest = await fixture.api.list(CONFIG_MAPS, { limit: 9, continue: token });
    expect(rest.items.map(({ metadata }) => metadata.name).join(" ")).toBe("b c d e f");
  });

  it("selects pods by the fields they offer", async () => {
    await api.create(pod("p", { nodeName: "n" }));
    await api.create(pod("q"));
    const found = await api.list(PODS, { fieldSelector: "spec.nodeName=n,status.phase=Pending" });
    expect(found.items.map(({ metadata }) => metadata.name)).toEqual(["p"]);
  });
});

describe("watches", () => {
  const open = (api: KubeApi, options: WatchOptions = {}): string[] => {
    const events: string[] = [];
    api.watch(CONFIG_MAPS, options, (event) => events.push(told(event)));
    return events;
  };

  it("send initial events, then a marked bookmark, then what follows", async () => {
    const { api } = apiFixture();
    await api.create(configMap("a"));
    const events = open(api, {
      sendInitialEvents: true,
      allowBookmarks: true,
      resourceVersionMatch: "NotOlderThan",
    });
    await api.create(configMap("b"));
    await settle();
    expect(events).toEqual(["ADDED a", "BOOKMARK k8s.io/initial-events-end", "ADDED b"]);
  });

  it("begin with what is there when no version is given", async () => {
    const { api } = apiFixture();
    await api.create(configMap("a"));
    const events = open(api);
    await api.delete(refTo(configMap("a")));
    await settle();
    expect(events).toEqual(["ADDED a", "DELETED a"]);
  });

  it("end with an error when the history they ask for is gone", async () => {
    const { api } = apiFixture(2);
    for (const name of ["a", "b", "c", "d"]) await api.create(configMap(name));
    const events = open(api, { resourceVersion: "1" });
    await settle();
    expect(events).toEqual(["ERROR 410"]);
  });

  it("follow one object by its name", async () => {
    const { api } = apiFixture();
    const events = open(api, { fieldSelector: "metadata.name=b", namespace: NAMESPACE });
    for (const name of ["a", "b"]) await api.create(configMap(name));
    await settle();
    expect(events).toEqual(["ADDED b"]);
  });

  it("say nothing of a write that changes nothing", async () => {
    const { api } = apiFixture();
    const created = await api.create(configMap("a"));
    const events = open(api, { resourceVersion: created.metadata.resourceVersion });
    const patch = { type: "merge", body: { data: { k: "1" } } } as const;
    await api.patch(refTo(created), patch);
    await api.patch(refTo(created), patch);
    await settle();
    expect(events).toEqual(["MODIFIED a"]);
  });
});
