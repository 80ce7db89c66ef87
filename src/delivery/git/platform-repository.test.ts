import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { git } from "./git-process.ts";
import { createMirroredSource } from "./mirrored-source.ts";
import { openPlatformRepository } from "./platform-repository.ts";

const URL = "https://git.example.com/platform";
const AT = Date.UTC(2026, 0, 1);
const LINES = Array.from({ length: 12 }, (_, index) => `line ${index}`);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keelson-git-"));
});
afterEach(() => rm(directory, { recursive: true }));

const tree = (files: Record<string, string>): ReadonlyMap<string, string> =>
  new Map(Object.entries(files));
const text = (lines: readonly string[]): string => `${lines.join("\n")}\n`;
const file = (name: string): Promise<string> => readFile(join(directory, name), "utf8");

async function commitByHand(name: string, content: string): Promise<void> {
  await writeFile(join(directory, name), content);
  await git(["add", name], { directory });
  await git(["commit", "--quiet", "-m", "by hand"], { directory });
}

describe("the platform's repository", () => {
  it("creates main, says unchanged for the same tree, merges a new one", async () => {
    const repository = await openPlatformRepository(directory);
    const first = await repository.record(tree({ "a/x.yaml": "x: 1\n" }), {
      message: "one",
      at: AT,
    });
    const again = await repository.record(tree({ "a/x.yaml": "x: 1\n" }), {
      message: "two",
      at: AT,
    });
    const next = await repository.record(tree({ "a/x.yaml": "x: 2\n" }), {
      message: "three",
      at: AT,
    });
    expect([first.outcome, again.outcome, next.outcome]).toEqual([
      "created",
      "unchanged",
      "merged",
    ]);
    expect(await file("a/x.yaml")).toBe("x: 2\n");
  });

  it("keeps a person's commit to another part of the same file", async () => {
    const repository = await openPlatformRepository(directory);
    await repository.record(tree({ f: text(LINES) }), { message: "one", at: AT });
    await commitByHand("f", text(LINES.with(0, "mine")));
    const outcome = await repository.record(tree({ f: text(LINES.with(11, "theirs")) }), {
      message: "two",
      at: AT,
    });
    expect(outcome.outcome).toBe("merged");
    expect(await file("f")).toBe(text(LINES.with(0, "mine").with(11, "theirs")));
  });

  it("reports a conflict and leaves main as the person made it", async () => {
    const repository = await openPlatformRepository(directory);
    await repository.record(tree({ f: "one\n" }), { message: "one", at: AT });
    await commitByHand("f", "mine\n");
    const outcome = await repository.record(tree({ f: "theirs\n" }), { message: "two", at: AT });
    expect(outcome).toMatchObject({ outcome: "conflict", files: ["f"] });
    expect(await file("f")).toBe("mine\n");
    expect((await git(["status", "--porcelain"], { directory })).stdout).toBe("");
  });

  it("does not touch uncommitted edits", async () => {
    const repository = await openPlatformRepository(directory);
    await repository.record(tree({ f: "one\n" }), { message: "one", at: AT });
    await writeFile(join(directory, "f"), "editing\n");
    const outcome = await repository.record(tree({ f: "theirs\n" }), { message: "two", at: AT });
    expect(outcome).toMatchObject({ outcome: "conflict", files: ["f"] });
    expect(await file("f")).toBe("editing\n");
  });
});

describe("the mirrored source", () => {
  it("reads a directory at a commit, blobs of any size, and refuses unknown repositories", async () => {
    const repository = await openPlatformRepository(directory);
    const big = "é".repeat(70_000);
    await repository.record(tree({ "a/x": "1\n", "a/b/y": big, z: "2\n" }), {
      message: "one",
      at: AT,
    });
    const source = createMirroredSource(new Map([[URL, directory]]));
    const commit = await source.resolve(URL, "HEAD");
    expect([...(await source.read(URL, commit, "a"))]).toEqual([
      ["a/b/y", big],
      ["a/x", "1\n"],
    ]);
    expect((await source.read(URL, commit, "none")).size).toBe(0);
    await expect(source.resolve("https://elsewhere", "HEAD")).rejects.toThrow("no local mirror");
    await expect(source.resolve(URL, "nope")).rejects.toThrow("unable to resolve");
  });
});
