import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { printSkip } from "../../../../tests/skip.ts";
import { builtinKinds, formatApiVersion } from "../../../kubernetes/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { parseYaml } from "../body.ts";
import { decodeProtobuf } from "./decode-envelope.ts";

const DATA =
  process.env["KEELSON_TEST_DATA"] ?? join(import.meta.dirname, "../../../../../shared/data");
const FOLDER = join(DATA, "kubernetes/api-testdata");

/** Kinds whose every field is filled, in JSON and in protobuf. */
function cases(): readonly string[] {
  if (!existsSync(FOLDER)) return [];
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".pb"));
  return names
    .map((name) => name.slice(0, -3))
    .filter((name) => {
      const object = readObject(name);
      return builtinKinds().find(object.apiVersion, object.kind) !== undefined;
    });
}

function readObject(name: string): KubernetesObject {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")) as KubernetesObject;
}

function nameOf({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  return `${apiVersion} ${kind}`;
}

/** Streams take their options from the query. */
function isBody({ kind }: { kind: string }): boolean {
  return !kind.endsWith("Options");
}

if (!existsSync(FOLDER)) printSkip("decodeProtobuf", "published protobuf objects not found");

describe("decodeProtobuf", () => {
  /** These two live outside k8s.io/api, whose test objects these are. */
  const ELSEWHERE = [
    "apiextensions.k8s.io/v1 CustomResourceDefinition",
    "apiregistration.k8s.io/v1 APIService",
  ];

  it.skipIf(!existsSync(FOLDER))(
    "is shown every kind served, and every body of a subresource",
    () => {
      const shown = new Set(cases().map((name) => nameOf(readObject(name))));
      const served = builtinKinds()
        .all()
        .flatMap((kind) => [
          nameOf({ apiVersion: formatApiVersion(kind.group, kind.version), kind: kind.kind }),
          ...(kind.subresourceFacts ?? [])
            .filter(isBody)
            .map((body) =>
              nameOf({ apiVersion: formatApiVersion(body.group, body.version), kind: body.kind }),
            ),
        ]);
      const missing = [...new Set(served)].filter((name) => !shown.has(name));
      expect(missing.toSorted()).toEqual(ELSEWHERE);
      const bodies = [
        "policy/v1 Eviction",
        "v1 Binding",
        "autoscaling/v1 Scale",
        "v1 DeleteOptions",
      ];
      expect([...shown]).toEqual(
        expect.arrayContaining([...bodies, "authentication.k8s.io/v1 TokenRequest"]),
      );
    },
  );

  it.skipIf(!existsSync(FOLDER))("and YAML say what JSON says, for all of them", async () => {
    const names = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
    expect(names).toHaveLength(185);
    for (const name of names) {
      const { value } = await parseYaml(readFileSync(join(FOLDER, name), "utf8"));
      expect([name, value]).toEqual([name, readObject(name.slice(0, -5))]);
    }
  });

  it.each(cases())("reads %s as its JSON", (name) => {
    const decoded = decodeProtobuf(readFileSync(join(FOLDER, `${name}.pb`)));
    expect(decoded).toEqual(readObject(name));
  });

  it("reads the options of a DELETE", () => {
    const typeMeta = text(1, "policy/v1") + text(2, "DeleteOptions");
    // Seconds 0 is a value, since the field is a pointer.
    const options = "0800" + text(4, "Background") + text(5, "All");
    expect(decodeProtobuf(envelope(typeMeta, options))).toEqual({
      kind: "DeleteOptions",
      apiVersion: "policy/v1",
      gracePeriodSeconds: 0,
      propagationPolicy: "Background",
      dryRun: ["All"],
    });
  });

  it.each([
    ["no magic bytes", Buffer.from("{}")],
    ["an unknown kind", envelope(text(1, "v1") + text(2, "Nope"), "")],
    ["a cut message", envelope(text(1, "v1") + text(2, "Pod"), "0aff")],
    ["a group end mark", envelope(text(1, "v1") + text(2, "Pod"), "0c")],
    ["an endless varint", envelope(text(1, "v1") + text(2, "Pod"), "ff".repeat(12))],
  ])("refuses %s with 400", (_name, body) => {
    expect(() => decodeProtobuf(body)).toThrow(expect.objectContaining({ code: 400 }));
  });
});

/** Hex of a length-delimited field. */
function text(number: number, value: string): string {
  return bytes(number, Buffer.from(value).toString("hex"));
}

function bytes(number: number, hex: string): string {
  return Buffer.from([number * 8 + 2, hex.length / 2]).toString("hex") + hex;
}

function envelope(typeMeta: string, raw: string): Buffer {
  return Buffer.concat([
    Buffer.from([0x6b, 0x38, 0x73, 0]),
    Buffer.from(bytes(1, typeMeta) + bytes(2, raw), "hex"),
  ]);
}
