// The rules of the house, each a function in `tidy/` with a test of its own; here they run over the repository.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { REPOSITORY } from "../scripts/run-command.ts";
import { checkBannedGlobals } from "./tidy/banned-globals.ts";
import { checkDeadFiles } from "./tidy/dead-files.ts";
import { checkDefaultExports } from "./tidy/default-exports.ts";
import { checkExplicitAny } from "./tidy/explicit-any.ts";
import { checkFileLength } from "./tidy/file-length.ts";
import { checkFileNames } from "./tidy/file-names.ts";
import { checkFunctionLength, type Ratchet } from "./tidy/function-length.ts";
import { checkImportDirections } from "./tidy/import-directions.ts";
import { checkLinks } from "./tidy/links.ts";
import { checkLockfile, type LockedPackage } from "./tidy/lockfile.ts";
import { checkPureRooms } from "./tidy/pure-rooms.ts";
import { loadSourceFiles, type SourceFile } from "./tidy/source-file.ts";
import { formatViolation, type Violation } from "./tidy/violation.ts";
import { checkWords } from "./tidy/words.ts";

const files = loadSourceFiles(REPOSITORY);

const RULES: readonly (readonly [
  rule: string,
  check: (files: readonly SourceFile[]) => readonly Violation[],
])[] = [
  ["imports go to lower rooms, through their door", checkImportDirections],
  ["the stages before delivery import no Node module", checkPureRooms],
  ["files are at most 500 lines", checkFileLength],
  ["functions are at most 70 lines", (all) => checkFunctionLength(all, readRatchet())],
  ["time, chance, environment and console have one owner each", checkBannedGlobals],
  ["nothing is typed any", checkExplicitAny],
  ["exports have names", checkDefaultExports],
  ["every file is used", checkDeadFiles],
  ["files are named by what they hold and say what they are", checkFileNames],
  ["files speak of the project only", checkWords],
  ["links lead somewhere", (all) => checkLinks(all, (path) => existsSync(join(REPOSITORY, path)))],
  ["what users install is permissive and needs no build", checkInstalled],
];

describe("tidy", () => {
  it("reads the repository's files", () => {
    expect(files.map(({ path }) => path)).toContain("src/core/clock.ts");
  });

  it.each(RULES)("%s", (_rule, check) => {
    const violations = check(files).map(formatViolation);
    if (violations.length > 0) expect.fail(`\n${violations.join("\n")}\n`);
  });
});

function readRatchet(): Ratchet {
  return JSON.parse(readRepositoryFile("tests/tidy/ratchet.json"));
}

function checkInstalled(): readonly Violation[] {
  const text = readRepositoryFile("package-lock.json");
  const lockfile: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(text);
  return checkLockfile(text, lockfile.packages);
}

function readRepositoryFile(path: string): string {
  return readFileSync(join(REPOSITORY, path), "utf8");
}
