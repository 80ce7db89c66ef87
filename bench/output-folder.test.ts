import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, it } from "vitest";

import { readPeakRss, readReportedFigures } from "./cold-process.ts";
import { countObjects, emptyFolder } from "./output-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "keelson-bench-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("counts objects, not Kustomize's own files, and forgets the last run", () => {
  mkdirSync(join(folder, "apps"));
  writeFileSync(join(folder, "apps", "a.yaml"), "kind: Service\n---\nkind: Deployment\n");
  writeFileSync(join(folder, "kustomization.yaml"), "kind: Kustomization\n");
  writeFileSync(join(folder, "README.md"), "kind: Service\n");
  expect(countObjects(folder)).toBe(2);
  emptyFolder(folder);
  expect(countObjects(folder)).toBe(0);
});

it("reads what a program says about itself", () => {
  expect(readReportedFigures("hello\n@figure readyMs 12.5\n@figure pods 10000\n")).toEqual({
    readyMs: 12.5,
    pods: 10_000,
  });
  expect(readPeakRss("x\n@peak-rss-kilobytes 2048\n")).toBe(2_097_152);
});
