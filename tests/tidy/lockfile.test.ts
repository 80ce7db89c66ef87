import { describe, expect, it } from "vitest";

import { checkLockfile, type LockedPackage } from "./lockfile.ts";
import { formatViolation } from "./violation.ts";

const GOOD: LockedPackage = { version: "1.0.0", license: "MIT", integrity: "sha512-x" };

function check(locked: LockedPackage): readonly string[] {
  const packages = { "": {}, "node_modules/left": locked };
  const text = JSON.stringify({ packages }, null, 2);
  return checkLockfile(text, packages).map(formatViolation);
}

const FINE: readonly { readonly name: string; readonly locked: LockedPackage }[] = [
  { name: "a permissive package", locked: GOOD },
  { name: "a choice of licences", locked: { ...GOOD, license: "(MIT OR GPL-2.0)" } },
  { name: "a script in a tool", locked: { ...GOOD, dev: true, hasInstallScript: true } },
  { name: "a binary for a tool", locked: { ...GOOD, dev: true, os: ["linux"] } },
  { name: "a bundled package", locked: { license: "MIT", inBundle: true } },
];

const REFUSED: readonly {
  readonly name: string;
  readonly locked: LockedPackage;
  readonly says: string;
}[] = [
  { name: "copyleft", locked: { ...GOOD, license: "GPL-3.0" }, says: "has the licence GPL-3.0" },
  {
    name: "two licences at once",
    locked: { ...GOOD, license: "MIT AND EPL-2.0" },
    says: "has the licence MIT AND EPL-2.0",
  },
  { name: "no licence", locked: { integrity: "sha512-x" }, says: "has the licence none" },
  {
    name: "an install script",
    locked: { ...GOOD, hasInstallScript: true },
    says: "runs an install script",
  },
  { name: "a native binary", locked: { ...GOOD, cpu: ["x64"] }, says: "is a native binary" },
  {
    name: "another source",
    locked: { ...GOOD, dev: true, resolved: "git+ssh://example.com/left" },
    says: "is resolved to git+ssh://example.com/left",
  },
  { name: "no hash", locked: { license: "MIT" }, says: "has no integrity hash" },
];

describe("lockfile", () => {
  it.each(FINE)("allows $name", ({ locked }) => {
    expect(check(locked)).toEqual([]);
  });

  it.each(REFUSED)("refuses $name", ({ locked, says }) => {
    expect(check(locked)).toEqual([expect.stringContaining(`package-lock.json:4: left ${says}; `)]);
  });
});
