// The durable store: the suite of every store on a disk in memory and on the real one, then what only a disk can do.

import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, describe, expect, it } from "vitest";

import { createRng, createVirtualClock } from "../../../core/index.ts";
import { createMemoryDirectory, type MemoryDirectory } from "../testing/memory-directory.ts";
import { runStoreConformance } from "../testing/store-conformance.ts";
import { CompactedError, type Store, type StoreKey } from "../store.ts";
import { DamagedError } from "./damaged-error.ts";
import { LockedError } from "./directory.ts";
import { openJournalStore, type JournalStore } from "./open-journal-store.ts";

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "keelson-store-"));
  folders.push(folder);
  return folder;
}

runStoreConformance("journal in memory", () =>
  openJournalStore({ directory: createMemoryDirectory() }),
);
const opened: JournalStore[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});
runStoreConformance("journal on disk", async () => {
  const store = await openJournalStore({ directory: temporaryFolder() });
  opened.push(store);
  return store;
});

const MAPS = "/configmaps";
const keyOf = (name: string): StoreKey => ({ resource: MAPS, namespace: "shop", name });
function put(store: Store, name: string, value = "1", expected = 0): number {
  const metadata = { name, namespace: "shop" };
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { value } };
  const result = store.put(keyOf(name), object, expected);
  if (result.outcome !== "stored") throw new Error(`conflict on ${name}`);
  return Number(result.object.metadata.resourceVersion);
}
const names = (store: Store): readonly string[] =>
  store.list({ resource: MAPS }).map(({ metadata }) => metadata.name);
const open = (directory: MemoryDirectory, more: object = {}): Promise<JournalStore> =>
  openJournalStore({ directory, ...more });
const journalOf = async (directory: MemoryDirectory): Promise<string> =>
  (await directory.list())
    .filter((name) => name.startsWith("journal-"))
    .toSorted()
    .at(-1) ?? "";

async function events(store: Store, after: number): Promise<readonly string[]> {
  const seen: string[] = [];
  const watch = store.watch({ resource: MAPS, after }, (batch) => {
    seen.push(...batch.map(({ type, key, revision }) => `${type} ${key.name}@${revision}`));
  });
  await Promise.resolve();
  await Promise.resolve();
  watch.stop();
  return seen;
}

describe("what is acknowledged", () => {
  it("is there after a restart, with its revisions, its history and its compaction", async () => {
    const directory = createMemoryDirectory();
    const first = await open(directory);
    const a = put(first, "a");
    const b = put(first, "b");
    first.compact(a);
    first.delete(keyOf("b"), b);
    put(first, "a", "2", a);
    await first.close();
    const second = await open(directory);
    expect(second.revision).toBe(first.revision);
    expect(second.list({ resource: MAPS })).toEqual(first.list({ resource: MAPS }));
    expect(await events(second, a)).toEqual(["put b@2", "delete b@3", "put a@4"]);
    expect(() => second.watch({ resource: MAPS, after: 0 }, () => {})).toThrow(CompactedError);
    expect(second.list({ resource: MAPS }, 2).map(({ metadata }) => metadata.name)).toEqual([
      "a",
      "b",
    ]);
    expect(put(second, "c")).toBe(first.revision + 1);
  });

  it("is told to watches only when it is durable, and not twice", async () => {
    const directory = createMemoryDirectory();
    const store = await open(directory);
    const before: string[] = [];
    store.watch({ resource: MAPS, after: 0 }, (batch) => before.push(...batch.map(told)));
    put(store, "a");
    const after: string[] = [];
    store.watch({ resource: MAPS, after: store.revision }, (batch) =>
      after.push(...batch.map(told)),
    );
    expect(store.settledRevision).toBe(0);
    put(store, "b");
    await store.settled();
    await Promise.resolve();
    expect([before, after]).toEqual([["a@1", "b@2"], ["b@2"]]);
    expect(store.settledRevision).toBe(2);
  });

  it("waits for one sync with everything written meanwhile", async () => {
    const directory = createMemoryDirectory();
    const store = await open(directory);
    const syncs = directory.syncs;
    for (let index = 0; index < 100; index += 1) put(store, `config-${index}`);
    await store.settled();
    expect(directory.syncs - syncs).toBe(1);
  });

  it("survives disks that take a few bytes at a time", async () => {
    const directory = createMemoryDirectory();
    directory.faults.writeBytesMax = 7;
    const store = await open(directory);
    put(store, "a");
    await store.close();
    expect(names(await open(directory))).toEqual(["a"]);
  });
});

const told = ({ key, revision }: { readonly key: StoreKey; readonly revision: number }): string =>
  `${key.name}@${revision}`;

describe("a power cut", () => {
  it("loses nothing acknowledged, whatever it leaves of the last write", async () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const rng = createRng(`power-cut/${seed}`);
      const directory = createMemoryDirectory();
      const store = await open(directory, { rotateBytes: 2_000 });
      const acknowledged = new Set<string>();
      for (let index = 0; index < 20; index += 1) {
        put(store, `config-${index}`, "x".repeat(rng.below(2_000)));
        if (rng.below(3) === 0) continue;
        await store.settled();
        for (const name of names(store)) acknowledged.add(name);
      }
      const turns = rng.below(12);
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      const left = await open(directory.powerCut(rng), { rotateBytes: 2_000 });
      const found = new Set(names(left));
      expect([...acknowledged].filter((name) => !found.has(name))).toEqual([]);
      expect(left.revision).toBe(found.size);
      await left.close();
    }
  });

  it("is told of when it tore the last write, and leaves a store that goes on", async () => {
    const directory = createMemoryDirectory();
    const store = await open(directory);
    put(store, "a");
    await store.close();
    directory.damage(await journalOf(directory), (bytes) =>
      Buffer.concat([bytes, Buffer.from('#0123abcd 999 17\n{"put":')]),
    );
    const notices: string[] = [];
    const again = await open(directory, { onNotice: (text: string) => notices.push(text) });
    expect(notices).toEqual([expect.stringContaining("the last write")]);
    put(again, "b");
    await again.close();
    expect(names(await open(directory))).toEqual(["a", "b"]);
  });
});

describe("damage", () => {
  const cases: readonly {
    readonly name: string;
    readonly change: (bytes: Buffer) => Buffer;
  }[] = [
    {
      name: "a changed byte in the middle",
      change: (bytes) => {
        bytes[bytes.indexOf("config-1")] = 0x58;
        return bytes;
      },
    },
    {
      name: "a length that reaches over the end",
      change: (bytes) => {
        const at = bytes.indexOf("#", bytes.indexOf("config-0"));
        bytes.write("9", at + 10);
        return bytes;
      },
    },
    {
      name: "a changed byte in the last acknowledged write",
      change: (bytes) => {
        bytes[bytes.lastIndexOf("config-2")] = 0x58;
        return bytes;
      },
    },
    {
      name: "lines of something else",
      change: (bytes) => Buffer.concat([bytes, Buffer.from("hello\n")]),
    },
  ];
  it.each(cases)("is refused: $name", async ({ change }) => {
    const directory = createMemoryDirectory();
    const store = await open(directory);
    for (const name of ["config-0", "config-1", "config-2"]) {
      put(store, name);
      await store.settled();
    }
    await store.close();
    directory.damage(await journalOf(directory), change);
    const error: unknown = await open(directory).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DamagedError);
    expect((error as DamagedError).hint).toContain("truncate -s");
  });

  it("is refused: a journal is missing", async () => {
    const directory = createMemoryDirectory();
    const store = await open(directory, { rotateBytes: 500 });
    for (let index = 0; index < 30; index += 1) {
      put(store, `config-${index}`);
      await store.settled();
    }
    await store.close();
    const [first, second = ""] = (await directory.list())
      .filter((name) => name.startsWith("journal-"))
      .toSorted();
    expect(first).toBeDefined();
    await directory.remove(second);
    await expect(open(directory)).rejects.toThrow(`${second} is missing`);
  });
});

describe("a disk that fails", () => {
  it.each([
    { name: "a write", fault: "writeError" as const },
    { name: "a sync", fault: "syncError" as const },
  ])("$name: nothing is acknowledged any more, not even when it recovers", async ({ fault }) => {
    const directory = createMemoryDirectory();
    const store = await open(directory);
    put(store, "a");
    await store.settled();
    directory.faults[fault] = new Error("ENOSPC");
    put(store, "b");
    await expect(store.settled()).rejects.toThrow("acknowledges nothing");
    directory.faults[fault] = undefined;
    expect(() => put(store, "c")).toThrow("acknowledges nothing");
    expect(() => store.delete(keyOf("a"), 1)).toThrow("acknowledges nothing");
    await expect(store.settled()).rejects.toThrow("acknowledges nothing");
    expect(await store.failed).toBeInstanceOf(Error);
    expect(store.settledRevision).toBe(1);
    const left = await open(directory.powerCut(createRng("failed")));
    expect(names(left)).toContain("a");
  });
});

describe("files", () => {
  it("do not grow for ever, and keep what watches may ask for", async () => {
    const directory = createMemoryDirectory();
    const options = { rotateBytes: 4_000, retainBytes: 20_000 };
    const store = await open(directory, options);
    let revision = put(store, "a");
    for (let round = 0; round < 400; round += 1) {
      revision = put(store, "a", "x".repeat(100), revision);
      await store.settled();
      if (round % 50 === 49) store.compact(revision - 20);
    }
    await store.close();
    const files = await directory.list();
    expect(files.length).toBeLessThan(14);
    const again = await open(directory, options);
    expect(again.revision).toBe(revision);
    expect((await events(again, revision - 10)).length).toBe(10);
    expect(() => again.watch({ resource: MAPS, after: 1 }, () => {})).toThrow(CompactedError);
  });

  it("are their owner's alone, in a directory that is too", async () => {
    const folder = join(temporaryFolder(), "data");
    const store = await openJournalStore({ directory: folder });
    put(store, "a");
    await store.settled();
    const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    expect(mode(folder)).toBe("700");
    const files = readdirSync(folder);
    expect(files.length).toBe(3);
    expect(new Set(files.map((file) => mode(join(folder, file))))).toEqual(new Set(["600"]));
    await store.close();
  });
});

describe("the lock", () => {
  it("keeps a second owner out until the first has closed", async () => {
    const folder = temporaryFolder();
    const store = await openJournalStore({ directory: folder });
    await expect(openJournalStore({ directory: folder })).rejects.toBeInstanceOf(LockedError);
    await store.close();
    await (await openJournalStore({ directory: folder })).close();
  });

  it.each([
    { name: "a dead process", text: "4194999 12\n" },
    { name: "an earlier process of the same number", text: `${process.pid} 1\n` },
    { name: "nobody", text: "" },
  ])("of $name is taken over", async ({ text }) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "lock"), text);
    const store = await openJournalStore({ directory: folder });
    await store.close();
    expect(readdirSync(folder).filter((name) => name.startsWith("lock"))).toEqual([]);
  });
});

describe("time", () => {
  it("goes on from the latest write, though the machine's clock was set back", async () => {
    const directory = createMemoryDirectory();
    const first = await open(directory);
    const clock = createVirtualClock(1_000_000);
    expect(first.keepTime?.(clock).now()).toBe(1_000_000);
    // Virtual instants need not be whole.
    await clock.advanceBy(4_999.5);
    put(first, "a");
    await first.close();
    const second = await open(directory);
    const early = createVirtualClock(400_000);
    const kept = second.keepTime?.(early);
    expect(kept?.now()).toBe(1_005_000);
    await early.advanceBy(1_000);
    expect(kept?.now()).toBe(1_006_000);
  });
});
