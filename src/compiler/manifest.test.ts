import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import type { Manifest, WriteInput } from "./manifest.ts";
import { parseManifest, planWrite } from "./manifest.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const files = (entries: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(entries).map(([path, text]) => [path, sha256(text)]));

interface Row {
  readonly name: string;
  /** What was generated last time. */
  readonly before?: Record<string, string>;
  /** What an interrupted run wanted. */
  readonly pending?: Record<string, string>;
  readonly disk?: Record<string, string>;
  readonly tree?: Record<string, string>;
  readonly outcome: string;
  readonly codes?: readonly string[];
}

const rows: Row[] = [
  { name: "a new file", tree: { a: "1" }, outcome: "created" },
  {
    name: "nothing changed",
    before: { a: "1" },
    disk: { a: "1" },
    tree: { a: "1" },
    outcome: "unchanged",
  },
  {
    name: "the definition changed",
    before: { a: "1" },
    disk: { a: "1" },
    tree: { a: "2" },
    outcome: "updated",
  },
  {
    name: "a person changed the file",
    before: { a: "1" },
    disk: { a: "mine" },
    tree: { a: "1" },
    outcome: "kept",
    codes: ["compile/kept-file"],
  },
  {
    name: "both changed",
    before: { a: "1" },
    disk: { a: "mine" },
    tree: { a: "2" },
    outcome: "conflict",
    codes: ["compile/edited-file"],
  },
  {
    name: "both changed alike",
    before: { a: "1" },
    disk: { a: "2" },
    tree: { a: "2" },
    outcome: "unchanged",
  },
  { name: "a person removed it", before: { a: "1" }, tree: { a: "1" }, outcome: "created" },
  { name: "it is no longer wanted", before: { a: "1" }, disk: { a: "1" }, outcome: "deleted" },
  {
    name: "it is no longer wanted, but a person changed it",
    before: { a: "1" },
    disk: { a: "mine" },
    outcome: "conflict",
    codes: ["compile/edited-file"],
  },
  {
    name: "a stranger's file is in the way",
    disk: { a: "theirs" },
    tree: { a: "1" },
    outcome: "conflict",
    codes: ["compile/foreign-file"],
  },
  {
    name: "the last run was interrupted",
    pending: { a: "1" },
    disk: { a: "1" },
    tree: { a: "2" },
    outcome: "updated",
  },
];

const manifestOf = ({ before, pending }: Row): Manifest | undefined =>
  before === undefined && pending === undefined
    ? undefined
    : {
        generator: "keelson 0",
        environments: ["dev"],
        files: files(before ?? {}),
        ...(pending === undefined ? {} : { pending: files(pending) }),
      };

const inputOf = (row: Row): WriteInput => ({
  tree: new Map(Object.entries(row.tree ?? {})),
  generator: "keelson 0",
  environments: ["dev"],
  manifest: manifestOf(row),
  current: new Map(Object.entries(files(row.disk ?? {}))),
  sha256,
});

describe("planWrite", () => {
  it.each(rows)("$name: $outcome", (row) => {
    const plan = planWrite(inputOf(row));
    expect(plan.actions).toEqual([{ path: "a", outcome: row.outcome }]);
    expect(plan.diagnostics.map(({ code }) => code)).toEqual(row.codes ?? []);
  });

  it("overwrites when asked to", () => {
    const conflicts = rows.filter(({ outcome }) => outcome === "conflict");
    for (const row of conflicts) {
      const plan = planWrite({ ...inputOf(row), overwrite: true });
      expect(plan.actions[0]?.outcome).not.toBe("conflict");
      expect(plan.diagnostics).toEqual([]);
    }
  });

  it("remembers both generations while writing", () => {
    const plan = planWrite(
      inputOf({ name: "", before: { a: "1" }, tree: { a: "2" }, outcome: "" }),
    );
    expect(plan.started).toMatchObject({ files: files({ a: "1" }), pending: files({ a: "2" }) });
    expect(plan.finished).not.toHaveProperty("pending");
  });

  it.each([
    { name: "fewer", found: ["dev", "prod"], now: ["dev"], codes: ["compile/other-environments"] },
    { name: "the same", found: ["dev", "prod"], now: ["prod", "dev"], codes: [] },
    { name: "more", found: ["dev"], now: ["dev", "prod"], codes: [] },
    { name: "a renamed one", found: ["dev"], now: ["development"], codes: [] },
  ])("sees that a folder holds $name environments", ({ found, now, codes }) => {
    const manifest = { generator: "keelson 0", environments: found, files: {} };
    const input = { tree: new Map(), generator: "keelson 0", current: new Map(), sha256 };
    const plan = planWrite({ ...input, manifest, environments: now });
    expect(plan.diagnostics.map(({ code }) => code)).toEqual(codes);
  });

  it("reads back what it writes and nothing else", () => {
    const { started } = planWrite(inputOf({ name: "", tree: { a: "1" }, outcome: "" }));
    expect(parseManifest(JSON.stringify(started))).toEqual(started);
    expect(parseManifest("{}")).toBeUndefined();
    expect(parseManifest("nonsense")).toBeUndefined();
  });
});
