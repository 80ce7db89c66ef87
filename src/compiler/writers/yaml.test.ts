import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { formatManifest, formatManifests, formatYaml } from "./yaml.ts";
import { formatString } from "./yaml-scalar.ts";

describe("strings", () => {
  it.each([
    ["web", "web"],
    ["ghcr.io/example/web:1.2.3", "ghcr.io/example/web:1.2.3"],
    ["a b c", "a b c"],
    ["--flag=value", "--flag=value"],
    ["-c", "-c"],
    ["4h", "4h"],
    ["20Gi", "20Gi"],
    ["10.0.0.1", "10.0.0.1"],
    ["1.36.2", "1.36.2"],
    ["..", '".."'],
    ["172.18.0.0/16", "172.18.0.0/16"],
    ["v1.36.2", "v1.36.2"],
    ["a, b", "a, b"],
    ["größe", "größe"],
    ["$(POD_NAME)", "$(POD_NAME)"],
    ["", '""'],
    ["yes", '"yes"'],
    ["No", '"No"'],
    ["ON", '"ON"'],
    ["y", '"y"'],
    ["true", '"true"'],
    ["null", '"null"'],
    ["~", '"~"'],
    ["80", '"80"'],
    ["0777", '"0777"'],
    ["0o17", '"0o17"'],
    ["0x1F", '"0x1F"'],
    ["1.5", '"1.5"'],
    ["1_000", '"1_000"'],
    ["12e3", '"12e3"'],
    ["E0", '"E0"'],
    ["e2e", "e2e"],
    ["-.inf", '"-.inf"'],
    [".NaN", '".NaN"'],
    ["12:30:45", '"12:30:45"'],
    ["8080:80", '"8080:80"'],
    ["2026-11-20", '"2026-11-20"'],
    ["2026-11-20T10:00:00Z", '"2026-11-20T10:00:00Z"'],
    [" lead", '" lead"'],
    ["trail ", '"trail "'],
    ["a: b", '"a: b"'],
    ["end:", '"end:"'],
    ["a #b", '"a #b"'],
    ["*", '"*"'],
    ["-", '"-"'],
    ["- a", '"- a"'],
    ["---", '"---"'],
    ["...", '"..."'],
    ["<<", '"<<"'],
    ["=", '"="'],
    ["{{ .x }}", '"{{ .x }}"'],
    ["@every", '"@every"'],
    ["%x", '"%x"'],
    ['{"a":1}', `'{"a":1}'`],
    ['"it\'s"', `'"it''s"'`],
    ["C:\\dir", "C:\\dir"],
    ["tab\there", '"tab\\there"'],
    ["nel\u0085", '"nel\\u0085"'],
    ["\u00a0", '"\\u00a0"'],
    ["\ud800", '"\\ud800"'],
    ["😀", "😀"],
  ])("%j is written %s", (text, expected) => expect(formatString(text)).toBe(expected));
});

describe("blocks", () => {
  it.each([
    ["a\nb\n", "k: |\n  a\n  b\n"],
    ["a\nb", "k: |-\n  a\n  b\n"],
    ["a\n\n", "k: |+\n  a\n\n"],
    ["  a\nb\n", "k: |2\n    a\n  b\n"],
    ["\na\n", "k: |2\n\n  a\n"],
    ["a\n\n  b\n", "k: |\n  a\n\n    b\n"],
    ["\n", 'k: "\\n"\n'],
    [" a\n ", 'k: " a\\n "\n'],
    ["a\n \n", 'k: "a\\n \\n"\n'],
    ["a\r\nb", 'k: "a\\r\\nb"\n'],
    ["a\tb\n\tc\n", "k: |\n  a\tb\n  \tc\n"],
  ])("%j", (text, expected) => {
    expect(formatYaml({ k: text })).toBe(expected);
    expect(parse(expected)).toEqual({ k: text });
  });
});

it("reads as if a colleague wrote it", () => {
  const deployment = {
    kind: "Deployment",
    spec: {
      template: {
        spec: {
          containers: [
            {
              image: "ghcr.io/example/web:1",
              name: "web",
              args: ["-c", "echo hi\nexit\n"],
              env: [],
            },
            { name: "sidecar", ports: [{ containerPort: 80 }], nested: [[1, 2], [], {}] },
          ],
        },
      },
      replicas: 2,
    },
    status: undefined,
    metadata: { labels: { b: "2", a: "1" }, namespace: "shop", name: "web", annotations: {} },
    apiVersion: "apps/v1",
  };
  expect(formatManifest(deployment, { header: ["apps.web", "", "why"] })).toBe(`# apps.web
#
# why
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels:
    a: "1"
    b: "2"
  annotations: {}
spec:
  template:
    spec:
      containers:
      - name: web
        image: ghcr.io/example/web:1
        args:
        - -c
        - |
          echo hi
          exit
        env: []
      - name: sidecar
        ports:
        - containerPort: 80
        nested:
        - - 1
          - 2
        - []
        - {}
  replicas: 2
`);
});

it("separates documents", () => {
  const text = formatManifests([{ kind: "A" }, { kind: "B" }], { header: ["two"] });
  expect(text).toBe("# two\nkind: A\n---\nkind: B\n");
});

const awkward = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({ maxLength: 20 }),
  fc.stringMatching(/^[-+.:_0-9eExoTZ ]{0,12}$/),
  fc.stringMatching(/^[ \n\t#:a-]{0,12}$/),
  fc.constantFrom("yes", "~", "Null", "1e3", "0b1", "<<", "=", "y", "2001-1-1", "190:20:30.15"),
);
const json: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    awkward,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(awkward, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

describe.each(["1.1", "1.2"] as const)("a YAML %s reader", (version) => {
  it("reads the same value back", () => {
    fc.assert(
      fc.property(json, (value) => {
        // Merge keys are plain in 1.1; ours are quoted, which the library honours only without `merge`.
        const [document, ...more] = parseAllDocuments(formatYaml(value), { version, merge: false });
        if (document === undefined || "empty" in document) throw new Error("no document");
        expect(document.errors).toEqual([]);
        expect(more).toEqual([]);
        expect(document.toJS()).toEqual(value);
      }),
      { numRuns: 1000, examples: [[{ "... x": "... y" }], [{ "--- x": 1 }]] },
    );
  });

  it("reads long keys back", () => {
    const value = { ["k".repeat(2000)]: { a: ["yes", "\u0085"] }, b: 1 };
    expect(parse(formatYaml(value), { version })).toEqual(value);
  });
});
