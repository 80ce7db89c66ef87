// What every combinator accepts and refuses, and that nothing a JSON file can hold makes one throw.

import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";

import { formatPath } from "../../core/index.ts";
import {
  anything,
  boolean,
  either,
  integer,
  list,
  number,
  object,
  oneOf,
  optional,
  port,
  readValue,
  record,
  reference,
  string,
  union,
  type FormatName,
  type Schema,
} from "../index.ts";
import { VARIABLE_KEYS } from "./record.ts";

interface StoreOptions {
  /** How much. */
  storage?: string;
  replicas?: number;
  host: string;
  keep?: string | false;
  limits?: { cpu?: string };
  release?: { kind: "rolling"; surge?: number } | { kind: "canary"; steps: number[] };
}
interface ResolvedStore {
  storage: string;
  replicas?: number;
  host: string;
  keep: string | false;
  limits: { cpu: string };
  release: { kind: "rolling"; surge: number } | { kind: "canary"; steps: number[] };
}

const store = object<StoreOptions, ResolvedStore>({
  storage: optional(string("quantity"), "5Gi"),
  replicas: optional(integer({ min: 1, max: 5 })),
  host: string("domain"),
  keep: optional(either(string("duration"), oneOf([false])), false),
  limits: optional(
    object<{ cpu?: string }, { cpu: string }>({ cpu: optional(string("quantity"), "1") }),
    {},
  ),
  release: optional(
    union<NonNullable<StoreOptions["release"]>, ResolvedStore["release"]>("release", {
      rolling: object<{ surge?: number }, { surge: number }>({ surge: optional(integer(), 1) }),
      canary: object<{ steps: number[] }>({ steps: list(integer(), { min: 1 }) }),
    }),
    { kind: "rolling" },
  ),
});

const HOST = "db.example.com";

function findings(schema: Schema<unknown>, value: unknown): string[] {
  return readValue(schema, value).diagnostics.map(
    ({ code, path }) => `${code} ${formatPath(path)}`,
  );
}

describe("object", () => {
  it("fills in every default, also inside", () => {
    expect(readValue(store, { host: HOST })).toEqual({
      value: {
        storage: "5Gi",
        host: HOST,
        keep: false,
        limits: { cpu: "1" },
        release: { kind: "rolling", surge: 1 },
      },
      diagnostics: [],
    });
  });

  it("keeps what was written", () => {
    const written = {
      storage: "1Ti",
      replicas: 3,
      host: HOST,
      keep: "7d",
      limits: { cpu: "2" },
      release: { kind: "canary", steps: [5, 100] },
    };
    expect(readValue(store, written)).toEqual({ value: written, diagnostics: [] });
  });

  it.each([
    ["no record", 5, ["model/wrong-type "]],
    ["a list", [], ["model/wrong-type "]],
    ["a key that is missing", {}, ["model/missing-key host"]],
    [
      "everything at once",
      { storage: "5GB", replicas: 9, hots: HOST, limits: { cpu: -1 }, release: { kind: "blue" } },
      [
        "model/unknown-key hots",
        "model/bad-format storage",
        "model/out-of-range replicas",
        "model/missing-key host",
        "model/wrong-type limits.cpu",
        "model/unknown-kind release.kind",
      ],
    ],
    ["the nearer of two shapes", { host: HOST, keep: "7 days" }, ["model/bad-format keep"]],
    ["neither of two shapes", { host: HOST, keep: 7 }, ["model/wrong-type keep"]],
    [
      "inside a tagged shape",
      { host: HOST, release: { kind: "canary", steps: [], surge: 1 } },
      ["model/unknown-key release.surge", "model/empty release.steps"],
    ],
    [
      "a tagged shape without kind",
      { host: HOST, release: {} },
      ["model/missing-key release.kind"],
    ],
    ["an inherited name", { host: HOST, toString: 1 }, ["model/unknown-key toString"]],
  ])("reports %s", (_name, value, expected) => {
    expect(findings(store, value)).toEqual(expected);
  });

  it("suggests the key that was meant", () => {
    const { diagnostics } = readValue(store, { host: HOST, storag: "5Gi" });
    expect(diagnostics.map(({ hint }) => hint)).toEqual(['did you mean "storage"?']);
  });

  it("is not fooled by __proto__", () => {
    const value: unknown = JSON.parse(`{"host":"${HOST}","__proto__":{"storage":"1Gi"}}`);
    expect(findings(store, value)).toEqual(["model/unknown-key __proto__"]);
  });

  it("demands a schema for exactly the keys of the interface", () => {
    expectTypeOf(store).toEqualTypeOf<Schema<StoreOptions, ResolvedStore>>();
    // @ts-expect-error host is missing
    object<{ host: string }>({});
    // @ts-expect-error hots is no key
    object<{ host: string }>({ host: string(), hots: string() });
    // @ts-expect-error host is required, and an optional schema would let it be absent
    object<{ host: string }>({ host: optional(string(), "x") });
    // @ts-expect-error host may be left out, and a required schema would refuse that
    object<{ host?: string }>({ host: string() });
    // @ts-expect-error the output promises a host, and there is no default
    object<{ host?: string }, { host: string }>({ host: optional(string()) });
    // @ts-expect-error a number is no host
    object<{ host: string }>({ host: integer() });
  });
});

describe("record", () => {
  const schema = record(integer());

  it.each([
    ["names as they are", { b: 1, a: 2 }, []],
    ["bad names", { Orders: 1, "a.b": 2 }, ["model/bad-name Orders", 'model/bad-name ["a.b"]']],
    ["bad values", { a: "1" }, ["model/wrong-type a"]],
    ["a list", [1], ["model/wrong-type "]],
  ])("%s", (_name, value, expected) => {
    expect(findings(schema, value)).toEqual(expected);
  });

  it("suggests a name that would do", () => {
    const { diagnostics } = readValue(schema, { "Order Service": 1 });
    expect(diagnostics[0]?.hint).toBe('call it "order-service"');
  });

  it("keeps a name that objects inherit", () => {
    const value: unknown = JSON.parse('{"constructor":1}');
    expect(Object.keys(readValue(schema, value).value ?? {})).toEqual(["constructor"]);
  });

  it("knows other rules for names", () => {
    expect(findings(record(string(), VARIABLE_KEYS), { LOG_LEVEL: "info", "2": "x" })).toEqual([
      'model/bad-name ["2"]',
    ]);
  });
});

describe("list", () => {
  it.each([
    ["items in order", list(integer()), [3, 1], []],
    ["repeated items", list(integer()), [3, 1, 3], ["model/duplicate-entry [2]"]],
    ["too few", list(integer(), { min: 1 }), [], ["model/empty "]],
    ["holes", list(integer()), Array.from({ length: 1 }), ["model/wrong-type [0]"]],
  ])("%s", (_name, schema, value, expected) => {
    expect(findings(schema, value)).toEqual(expected);
  });
});

describe("string", () => {
  const rows: readonly (readonly [FormatName, readonly string[], readonly string[]])[] = [
    ["text", ["a", " "], [""]],
    ["dnsLabel", ["a", "a-b"], ["", "A", "-a", "a.b", "a".repeat(64)]],
    ["hostPrefix", ["shop", "shop.eu"], ["Shop", "shop."]],
    ["domain", ["example.com"], ["example", "https://example.com", "*.example.com"]],
    ["host", ["db.example.com", "10.0.0.5", "::1"], ["db_1", "a b"]],
    ["cidr", ["10.100.0.0/16", "fd00::/8"], ["10.0.0.5/16", "10.0.0.0", "10.0.0.0/33"]],
    ["ipRange", ["172.18.255.200-172.18.255.250", "192.0.2.0/28"], ["5-4", "10.0.0.9-10.0.0.1"]],
    ["duration", ["30s", "1h30m", "7d", "0"], ["7", "-5m", "7 days", ""]],
    ["quantity", ["5Gi", "500m", "1.5"], ["5GB", "-1", ""]],
    ["cron", ["0 3 * * *", "@daily"], ["0 3 * *", "61 * * * *"]],
    ["timeZone", ["Etc/UTC", "Europe/Berlin"], ["local", "Mars/Olympus"]],
    ["imageRef", ["nginx", "ghcr.io/a/b:1", "localhost:5000/a"], ["Ghcr.io/A/B", "a:", "a b"]],
    ["url", ["https://example.com/x"], ["example.com", "https://user:pass@example.com"]],
    ["kubernetesVersion", ["1.35", "1.35.2"], ["v1.35", "1", "2.0"]],
    ["dataKey", ["API_KEY", "tls.crt"], ["a b", ".", ""]],
    ["labelValue", ["", "a.B_c"], ["-a", "a b"]],
    ["urlPath", ["/", "/healthz"], ["healthz", "/a b", "/a?b"]],
  ];

  it.each(rows)("%s", (format, right, wrong) => {
    for (const text of right) expect(findings(string(format), text), text).toEqual([]);
    for (const text of wrong) {
      expect(findings(string(format), text), text).toEqual(["model/bad-format "]);
    }
    expect(findings(string(format), 1)).toEqual(["model/wrong-type "]);
  });
});

describe("numbers and choices", () => {
  it.each([
    ["a whole number", integer({ min: 0 }), 0, []],
    ["a fraction", integer(), 1.5, ["model/wrong-type "]],
    ["text", integer(), "1", ["model/wrong-type "]],
    ["not a number", number(), Number.NaN, ["model/wrong-type "]],
    ["too small", number({ min: 1 }), 0.5, ["model/out-of-range "]],
    ["a port", port(), 8080, []],
    ["no port", port(), 65_536, ["model/out-of-range "]],
    ["true", boolean(), true, []],
    ["yes", boolean(), "yes", ["model/wrong-type "]],
    ["a choice", oneOf(["a", "b"]), "a", []],
    ["no choice", oneOf(["a", "b"]), "c", ["model/unknown-choice "]],
  ])("%s", (_name, schema, value, expected) => {
    expect(findings(schema, value)).toEqual(expected);
  });

  it("suggests the choice that was meant", () => {
    const { diagnostics } = readValue(oneOf(["single", "highly-available"]), "highly-availabel");
    expect(diagnostics[0]?.hint).toBe('did you mean "highly-available"?');
  });
});

describe("reference", () => {
  it("hands the name on with its place", () => {
    const references: unknown[] = [];
    const refer = (found: unknown): void => void references.push(found);
    const schema = object<{ to: string }>({ to: reference("bucket") });
    schema.read({ to: "backups" }, ["backup"], { report: () => expect.unreachable(), refer });
    expect(references).toEqual([{ target: "bucket", name: "backups", path: ["backup", "to"] }]);
  });
});

describe("anything", () => {
  const loop: Record<string, unknown> = {};
  loop["self"] = loop;
  const shared = { a: 1 };

  it.each([
    ["plain data", { a: [1, null, { b: "x" }] }, []],
    ["data without a prototype", Object.create(null), []],
    ["the same record twice", [shared, shared], []],
    ["a function", { a: () => 1 }, ["model/not-data a"]],
    ["undefined", { a: undefined }, ["model/not-data a"]],
    ["a hole", { a: Array.from({ length: 1 }) }, ["model/not-data a[0]"]],
    ["not a number", [Number.NaN], ["model/not-data [0]"]],
    ["an instance", { at: new Date(0), re: /x/ }, ["model/not-data at", "model/not-data re"]],
    ["a map", { a: new Map() }, ["model/not-data a"]],
    ["a loop", loop, ["model/not-data self"]],
    ["a bigint", { a: 1n }, ["model/not-data a"]],
  ])("%s", (_name, value, expected) => {
    expect(findings(anything(), value)).toEqual(expected);
  });

  it("stops at a depth no definition has", () => {
    const deep: unknown = JSON.parse("[".repeat(5000) + "]".repeat(5000));
    expect(readValue(anything(), deep).diagnostics.map(({ code }) => code)).toEqual([
      "model/too-deep",
    ]);
  });
});

describe("any input", () => {
  const schemas: readonly Schema<unknown>[] = [
    store,
    record(store),
    list(either(store, string("url"))),
    anything(),
  ];

  it("gives a value or findings, never both and never a throw", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (value) => {
        for (const schema of schemas) {
          const { value: output, diagnostics } = readValue(schema, value);
          expect(output === undefined).toBe(diagnostics.length > 0);
        }
      }),
    );
  });

  it("text of any kind too, for every format", () => {
    const formats: readonly FormatName[] = [
      "cidr",
      "cron",
      "duration",
      "imageRef",
      "timeZone",
      "url",
    ];
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.constantFrom(...formats), (text, format) => {
        const { value, diagnostics } = readValue(string(format), text);
        expect(value === undefined).toBe(diagnostics.length > 0);
      }),
    );
  });
});

describe("jsonSchema", () => {
  it("prints the input side", () => {
    expect(store.jsonSchema()).toMatchObject({
      type: "object",
      required: ["host"],
      additionalProperties: false,
      properties: {
        storage: { type: "string", default: "5Gi" },
        replicas: { type: "integer", minimum: 1, maximum: 5 },
        keep: { anyOf: [{ type: "string" }, { enum: [false] }], default: false },
        release: {
          anyOf: [
            { properties: { kind: { const: "rolling" } }, required: ["kind"] },
            { properties: { kind: { const: "canary" } }, required: ["kind", "steps"] },
          ],
          default: { kind: "rolling" },
        },
      },
    });
  });
});
