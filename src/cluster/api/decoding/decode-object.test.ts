import { describe, expect, it } from "vitest";
import { isRecord } from "../../../core/index.ts";
import { StatusError } from "../../../kubernetes/index.ts";
import { SYSTEM_ADMIN } from "../caller.ts";
import { createResourceRegistry } from "../registry.ts";
import { decodeObject } from "./decode-object.ts";
import type { FieldValidation } from "./decode-object.ts";

const registry = createResourceRegistry();

interface Decoded {
  readonly object: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

function decode(body: Record<string, unknown>, fieldValidation: FieldValidation = "Warn"): Decoded {
  const resource = registry.byKind(String(body["apiVersion"]), String(body["kind"]));
  if (resource === undefined) throw new Error(`nobody serves ${String(body["kind"])}`);
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const caller = { user: SYSTEM_ADMIN, defaultManager: "test", warn };
  return { object: decodeObject(resource, body, { fieldValidation, caller }), warnings };
}

const pod = (spec: Record<string, unknown>): Record<string, unknown> => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p" },
  spec,
});

const containerOf = ({ object }: Decoded): unknown => {
  const spec = isRecord(object["spec"]) ? object["spec"] : {};
  return Array.isArray(spec["containers"]) ? spec["containers"][0] : undefined;
};

function refusalOf(action: () => unknown): StatusError["status"] | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof StatusError) return error.status;
    throw error;
  }
}

describe("decodeObject", () => {
  const shaped: readonly { name: string; given: Record<string, unknown>; holds: object }[] = [
    {
      name: "defaults of a container",
      given: { name: "c", image: "app:1" },
      holds: {
        name: "c",
        image: "app:1",
        resources: {},
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
        imagePullPolicy: "IfNotPresent",
      },
    },
    {
      name: "zeros that Go leaves out, and zeros behind pointers that stay",
      given: {
        name: "c",
        image: "app:1",
        tty: false,
        workingDir: "",
        securityContext: { privileged: false },
      },
      holds: { securityContext: { privileged: false } },
    },
    {
      name: "null and empty lists are absent",
      given: { name: "c", image: "app", args: [], env: null, ports: [{ containerPort: 80 }] },
      holds: { imagePullPolicy: "Always", ports: [{ containerPort: 80, protocol: "TCP" }] },
    },
    {
      name: "quantities in their canonical form",
      given: { name: "c", image: "app:1", resources: { limits: { cpu: "0.5", memory: "1024Mi" } } },
      holds: {
        resources: {
          limits: { cpu: "500m", memory: "1Gi" },
          requests: { cpu: "500m", memory: "1Gi" },
        },
      },
    },
  ];
  it.each(shaped)("$name", ({ given, holds }) => {
    const container = containerOf(decode(pod({ containers: [given] })));
    expect(container).toMatchObject(holds);
    const gone = ["tty", "workingDir", "args", "env"].filter(
      (key) => isRecord(container) && key in container,
    );
    expect(gone).toEqual([]);
  });

  it("gives the same object back when it is in shape already", () => {
    const { object } = decode(pod({ containers: [{ name: "c", image: "app:1" }] }));
    expect(decode({ ...object }).object["spec"]).toBe(object["spec"]);
  });

  it.each([
    { name: "Strict refuses", mode: "Strict", code: 400, warnings: 0 },
    { name: "Warn warns", mode: "Warn", code: undefined, warnings: 2 },
    { name: "Ignore is silent", mode: "Ignore", code: undefined, warnings: 0 },
  ] as const)("unknown fields: $name", ({ mode, code, warnings }) => {
    const body = { ...pod({ containers: [{ name: "c", image: "x", nope: 1 }] }), other: true };
    expect(refusalOf(() => decode(body, mode))?.code).toBe(code);
    if (code === undefined) expect(decode(body, mode).warnings).toHaveLength(warnings);
  });

  it.each([
    { name: "a text where a list belongs", spec: { containers: "c" } },
    { name: "a number where a text belongs", spec: { containers: [{ name: 1 }] } },
    {
      name: "a text that is no quantity",
      spec: { containers: [{ name: "c", resources: { limits: { cpu: "abc" } } }] },
    },
  ])("refuses $name", ({ spec }) => {
    expect(refusalOf(() => decode(pod(spec)))).toMatchObject({ code: 400, reason: "BadRequest" });
  });

  it("folds stringData into data", () => {
    const { object } = decode({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      stringData: { k: "v" },
      data: { k: "b2xk", z: "eg==" },
    });
    expect(object).toMatchObject({ type: "Opaque", data: { k: "dg==", z: "eg==" } });
    expect(object).not.toHaveProperty("stringData");
  });
});
