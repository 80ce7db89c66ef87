// Which directory a pod of an app runs from: by the tag of its image, and never from another version's.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Pod } from "../../kubernetes/index.ts";
import type { PlannedApp } from "../../model/index.ts";
import { appForms, findAppForm, type AppForms } from "./app-forms.ts";
import { openLocalMachine } from "./local-machine.ts";

let folder: string;
let machine: Awaited<ReturnType<typeof openLocalMachine>>;
let found: AppForms;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "keelson-forms-"));
  for (const name of ["shop", "shop-next"]) mkdirSync(join(folder, name));
  machine = await openLocalMachine({
    stateFolder: join(folder, ".keelson"),
    cacheFolder: join(folder, "cache"),
    path: "",
    programs: [],
    onProgress: () => undefined,
  });
  const dev = {
    command: ["node", "server.js"],
    directory: "shop",
    env: {},
    versions: { "2.0.0": "shop-next", "3.0.0": "shop-gone" },
  };
  // What forms are made from.
  const app = { name: "shop", namespace: "shop", dev, bindings: [] } as unknown as PlannedApp;
  const debug: ReadonlySet<string> = new Set();
  found = appForms([app], { machine, definitionFolder: folder, debug });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a pod of an app", () => {
  it.each([
    {
      name: "of a version runs from its directory",
      image: "example/shop:2.0.0",
      from: "shop-next",
    },
    { name: "of any other tag runs from the app's", image: "example/shop:1.0.0", from: "shop" },
    { name: "of a digest alone too", image: `example/shop@sha256:${"a".repeat(64)}`, from: "shop" },
    { name: "of a version that is not there does not run", image: "example/shop:3.0.0" },
  ])("$name", ({ image, from }) => {
    const container = { name: "shop", image };
    const labels = { "app.kubernetes.io/name": "shop" };
    const pod: Pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "shop-1", namespace: "shop", labels },
      spec: { containers: [container] },
    };
    const form = findAppForm(found.forms, pod, container)?.form;
    expect(form?.directory).toBe(from && join(folder, from));
  });

  it.each([
    { name: "stays simulated", env: {}, outcome: "simulated" },
    { name: "runs when it is told of another", env: { DB_HOST: "localhost" }, outcome: "process" },
  ])("that needs a server elsewhere $name", ({ env, outcome }) => {
    const endpoint = { kind: "external", name: "db.example.com", addresses: [] };
    const needed = {
      intent: { name: "orders" },
      endpoint,
      env: [{ name: "DB_HOST", value: "db" }],
    };
    const dev = { command: ["node"], directory: "shop", env, versions: {} };
    const app = { name: "shop", namespace: "shop", dev, bindings: [{ binding: needed }] };
    const options = { machine, definitionFolder: folder, debug: new Set<string>() };
    const { statements } = appForms([app as unknown as PlannedApp], options);
    expect(statements.map((one) => one.outcome)).toEqual([outcome]);
  });

  it("says what became of each version", () => {
    expect(found.statements.map(({ system, outcome }) => [system, outcome])).toEqual([
      ["shop", "process"],
      ["shop:2.0.0", "process"],
      ["shop:3.0.0", "simulated"],
    ]);
  });
});
