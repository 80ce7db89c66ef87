// The whole compiler over a shipped blueprint: clean, deterministic, and building to exactly what was compiled.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments, stringify } from "yaml";

import definition from "../blueprints/local-first/platform.ts";
import { compile } from "../src/compiler/index.ts";
import { registry } from "../src/components/index.ts";
import { canonicalJson, isRecord, setOwn } from "../src/core/index.ts";
import { builtinKinds, createKindRegistry, formatRef, refOf } from "../src/kubernetes/index.ts";
import type { KindRegistry, KubernetesObject } from "../src/kubernetes/index.ts";
import { LOCK_FILE, readLock } from "../src/model/index.ts";
import type { Compiled, CompiledObject, Tree } from "../src/model/index.ts";
import { buildKustomization } from "../src/render/index.ts";
import { verify } from "../src/verifier/index.ts";
import { findTool } from "./skip.ts";

const folder = new URL("../blueprints/local-first/", import.meta.url);
const lock = readLock(readFileSync(new URL(LOCK_FILE, folder), "utf8")).value;

function compileClean(value: unknown): Compiled {
  const { value: compiled, diagnostics } = compile({
    definition: value,
    registry,
    lock,
    sealed: {},
  });
  expect(diagnostics).toEqual([]);
  if (compiled === undefined) throw new Error("nothing was compiled");
  return compiled;
}

async function allKinds(): Promise<KindRegistry> {
  const facts = registry.components.flatMap((component) =>
    "crds" in component && component.crds ? [component.crds()] : [],
  );
  return createKindRegistry(builtinKinds(), ...(await Promise.all(facts)).flat());
}

const compiled = compileClean(definition);
const bytes = (tree: Tree): string => canonicalJson(Object.fromEntries(tree));

describe("the blueprint local-first", () => {
  it("compiles for every environment", () => {
    expect(compiled.targets.map(({ cluster }) => cluster.target)).toEqual([
      "dev",
      "prod",
      "staging",
    ]);
  });

  it("compiles to the same bytes whether an app may run as a local process or not", () => {
    const { storefront } = definition.apps ?? {};
    if (storefront === undefined) throw new Error("the blueprint has no storefront");
    const { dev: _dev, ...remote } = storefront;
    const local = { ...remote, dev: { command: ["node", "server.js"], env: { COLOR: "red" } } };
    const [first, second] = [remote, local].map((app) =>
      bytes(compileClean({ ...definition, apps: { storefront: app } }).tree),
    );
    expect(second).toBe(first);
  });

  it("has no finding but secrets that wait to be sealed, and what is left to EKS and its owner", async () => {
    const found = verify({ compiled, kinds: await allKinds() });
    const expected = ["platform/not-emitted-yet", "verify/unsealed-secrets"];
    expect([...new Set(found.map(({ code }) => code))].toSorted()).toEqual(expected);
  });
});

describe("compiling is deterministic", () => {
  it("needs only the versions of what it uses in the lock", () => {
    const found = (unpinned: string): readonly string[] => {
      const charts = Object.entries(lock?.charts ?? {}).filter(([name]) => name !== unpinned);
      const fewer = lock && { ...lock, charts: Object.fromEntries(charts) };
      const { diagnostics } = compile({ definition, registry, lock: fewer, sealed: {} });
      return diagnostics.map(({ code, message }) => `${code} ${message}`);
    };
    expect(found("velero")).toEqual([]);
    expect(found("argo-cd")).toEqual([
      "lock/incomplete keelson.lock has no versions of chart argo-cd",
    ]);
  });

  it("gives the same bytes twice", () => {
    expect(bytes(compileClean(definition).tree)).toBe(bytes(compiled.tree));
  });

  it("does not depend on the order of keys", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 20 }), (seeds) => {
        expect(bytes(compileClean(shuffleKeys(definition, seeds)).tree)).toBe(bytes(compiled.tree));
      }),
      { numRuns: 5 },
    );
  });

  it("takes a YAML twin with comments for the same definition", () => {
    const twin = stringify(definition).replaceAll("\n", " # as decided\n");
    expect(bytes(compileClean(parse(twin)).tree)).toBe(bytes(compiled.tree));
  });
});

/** The same value with the keys of every record in another order. */
function shuffleKeys(value: unknown, seeds: readonly number[]): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffleKeys(item, seeds));
  if (!isRecord(value)) return value;
  const weight = (key: string): number =>
    ((seeds[key.length % seeds.length] ?? 0) * (key.codePointAt(0) ?? 1) + key.length * 31) % 97;
  const shuffled: Record<string, unknown> = {};
  for (const key of Object.keys(value).toSorted((a, b) => weight(a) - weight(b))) {
    setOwn(shuffled, key, shuffleKeys(value[key], seeds));
  }
  return shuffled;
}

interface Folder {
  readonly folder: string;
  readonly objects: readonly CompiledObject[];
}

/** Every folder an engine syncs, with the objects that belong there. */
function syncedFolders(): Folder[] {
  return compiled.targets.flatMap(({ cluster, objects }) => {
    const areas = [...new Set(objects.map(({ area }) => area))];
    return areas.map((area) => ({
      folder:
        area === "infrastructure/bootstrap"
          ? `clusters/${cluster.target}`
          : `${area}/overlays/${cluster.target}`,
      objects: objects.filter((compiledObject) => compiledObject.area === area),
    }));
  });
}

function canonical(objects: readonly KubernetesObject[]): string[] {
  return objects.map((object) => `${formatRef(refOf(object))} ${canonicalJson(object)}`).toSorted();
}

describe("every folder builds to exactly what was compiled", () => {
  it.each(syncedFolders())("with our own builder: $folder", ({ folder: path, objects }) => {
    const built = buildKustomization(compiled.tree, path);
    expect(built.diagnostics).toEqual([]);
    expect(canonical(built.objects)).toEqual(canonical(objects.map(({ object }) => object)));
  });
});

const kubectl = await findTool("kubectl");

describe.skipIf(kubectl === undefined)("kubectl agrees", () => {
  let root = "";
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "keelson-compile-"));
    for (const [path, text] of compiled.tree) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(syncedFolders())("$folder", ({ folder: path, objects }) => {
    const text = execFileSync("kubectl", ["kustomize", join(root, path)], { encoding: "utf8" });
    const documents = parseAllDocuments(text, { version: "1.1" });
    const built = Array.isArray(documents) ? documents.map((document) => document.toJS()) : [];
    expect(canonical(built as KubernetesObject[])).toEqual(
      canonical(objects.map(({ object }) => object)),
    );
  });
});
