// Logs on the disk: lines, parts of lines, rotation.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { createVirtualClock } from "../../../core/index.ts";
import { openLogFile, readLogFile } from "./log-file.ts";

const folder = mkdtempSync(join(tmpdir(), "keelson-log-"));
const clock = createVirtualClock(Date.parse("2026-01-01T00:00:00.25Z"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("lines are kept as container runtimes keep them, whatever they come in", () => {
  const path = join(folder, "lines");
  const log = openLogFile(path, clock);
  log.write("stdout", Buffer.from("one\ntw"));
  log.write("stderr", Buffer.from("oops\n"));
  log.write("stdout", Buffer.from("o\nno end"));
  log.close();
  expect(readFileSync(path, "utf8")).toBe(
    ["stdout F one", "stderr F oops", "stdout F two", "stdout F no end"]
      .map((line) => `2026-01-01T00:00:00.250000000Z ${line}\n`)
      .join(""),
  );
});

test("a very long line is kept in parts and read as one", () => {
  const path = join(folder, "long");
  const log = openLogFile(path, clock);
  log.write("stdout", Buffer.from(`${"x".repeat(40_000)}\n`));
  log.close();
  const lines = readLogFile(path);
  expect(lines.map(({ isPart = false }) => isPart)).toEqual([true, true, false]);
  expect(lines.map(({ text }) => text).join("")).toBe("x".repeat(40_000));
});

test("the file is changed when it is full", () => {
  const path = join(folder, "full");
  const log = openLogFile(path, clock, 100);
  for (const text of ["a", "b", "c"]) log.write("stdout", Buffer.from(`${text.repeat(10)}\n`));
  log.close();
  expect(readLogFile(path).map(({ text }) => text)).toEqual(["c".repeat(10)]);
  expect(existsSync(`${path}.1`)).toBe(true);
});
