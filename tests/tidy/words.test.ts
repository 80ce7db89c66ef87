import { describe, expect, it } from "vitest";

import { createSourceFile } from "./source-file.ts";
import { formatViolation } from "./violation.ts";
import { checkWords } from "./words.ts";

function check(text: string, path = "docs/a.md"): readonly string[] {
  return checkWords([createSourceFile(path, text)]).map(formatViolation);
}

const FINE = [
  "the agent of a node, and k3d agents",
  "a TLS session and session affinity",
  "an issuer issues 3 certificates",
  "mount /tmp and /var/lib/work/data",
  "a home at https://example.com/work/list",
];

const REFUSED = [
  { text: "// FIXME later", says: "FIXME" },
  { text: "cd /work/main", says: "/work/m" },
  { text: 'write("/tmp/out.yaml")', says: '"/tmp/o' },
  { text: "Left for the next session.", says: "next session" },
  { text: "Written by an AI assistant", says: "AI assistant" },
  { text: "Done as requested in review", says: "as requested in" },
  { text: "see issue #12", says: "see issue #12" },
];

describe("words", () => {
  it.each(FINE)("allow: %s", (text) => {
    expect(check(text)).toEqual([]);
  });

  it.each(REFUSED)("refuse: $text", ({ text, says }) => {
    expect(check(`\n${text}`)).toEqual([expect.stringContaining(`docs/a.md:2: says "${says}"; `)]);
  });

  it("says what to do instead", () => {
    expect(check("see issue #12")).toEqual([
      'docs/a.md:1: says "see issue #12"; ' +
        "say what was wrong; numbers of threads mean nothing to a reader",
    ]);
  });

  it("lets containers have their own temporary folder", () => {
    expect(check('dir: "/tmp/rclone"', "src/components/backup/a.ts")).toEqual([]);
    expect(check('write("/tmp/rclone")', "src/components/backup/a.test.ts")).toHaveLength(1);
  });

  it("leaves its own list of words alone", () => {
    expect(check("FIXME", "tests/tidy/words.ts")).toEqual([]);
  });
});
