// What we write, read by Go: kubectl's own YAML readers must see the same texts.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findTool } from "../../../tests/skip.ts";
import { formatManifests } from "./yaml.ts";

const kubectl = await findTool("kubectl");

const AWKWARD = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.stringMatching(/^[-+.:_0-9eExoTZ ]{0,12}$/),
  fc.stringMatching(/^[ \n\t#:a-]{0,12}$/),
  fc.constantFrom(
    "yes",
    "~",
    "Null",
    "1e3",
    "0b1",
    "<<",
    "=",
    "y",
    "2001-1-1",
    "190:20:30.15",
    "0o7",
  ),
);

describe.skipIf(kubectl === undefined)("kubectl", () => {
  it("reads every text back", () => {
    const texts = fc.sample(AWKWARD, { numRuns: 400 }).map((text) => text.replaceAll("\u0000", ""));
    const objects = texts.map((text, index) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `c${index}` },
      data: { text },
    }));
    const folder = mkdtempSync(join(tmpdir(), "keelson-yaml-"));
    try {
      const file = join(folder, "objects.yaml");
      writeFileSync(file, formatManifests(objects));
      const command = ["annotate", "--local", "-f", file, "-o", "json", "a=b"];
      const output = execFileSync(kubectl ?? "kubectl", command, { encoding: "utf8" });
      const read = output
        .split(/^(?=\{)/m)
        .map((json) => JSON.parse(json) as { data: { text: string } });
      expect(read.map(({ data }) => data.text)).toEqual(texts);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
