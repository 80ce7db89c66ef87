// A new app of each kind: its code is there, its entry passes the check, and in a cluster it runs beside the others.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { runKeelson, temporaryFolder } from "./run-keelson.ts";

async function platform(): Promise<string> {
  const folder = temporaryFolder();
  const { code, stderr } = await runKeelson(folder, "init", "harbour");
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return join(folder, "harbour");
}

describe("app add", () => {
  it.each([
    { kind: "fastapi", port: 8000, file: "service/main.py" },
    { kind: "nextjs", port: 3000, file: "app/readyz/route.ts" },
  ])("$kind", async ({ kind, port, file }) => {
    const folder = await platform();
    const added = await runKeelson(folder, "app", "add", "parcel-desk", "--kind", kind);
    expect(added.code).toBe(0);
    expect(added.stdout).toContain("platform.ts has apps.parcel-desk");
    expect(existsSync(join(folder, "services/parcel-desk", file))).toBe(true);
    expect(readFileSync(join(folder, "platform.ts"), "utf8")).toContain(
      `route: { host: "parcel-desk", port: ${port} }`,
    );
    const checked = await runKeelson(folder, "check", "-o", "json");
    expect({ code: checked.code, stderr: checked.stderr }).toMatchObject({ code: 0 });
    expect(checked.stdout).toContain("parcel-desk survives the loss of a node");
    const compiled = await runKeelson(folder, "compile", "--env", "prod", "-o", "tree");
    expect(compiled.code).toBe(0);
    for (const made of ["deployment", "service", "horizontal-pod-autoscaler", "http-route"])
      expect(
        existsSync(join(folder, "tree/apps/parcel-desk/base", `${made}.yaml`)) ||
          existsSync(join(folder, "tree/apps/parcel-desk/overlays/prod", `${made}.yaml`)),
        made,
      ).toBe(true);
  });

  it("writes Python that compiles", async () => {
    const folder = await platform();
    await runKeelson(folder, "app", "add", "orders", "--kind", "fastapi");
    const main = join(folder, "services/orders/service/main.py");
    try {
      execFileSync("python3", ["-m", "py_compile", main], { stdio: "pipe" });
    } catch (error) {
      // A machine without Python has nothing to compile it with.
      expect(String(error)).toContain("ENOENT");
    }
  });

  it.each([
    {
      name: "another kind",
      args: ["orders", "--kind", "rails"],
      says: "choose one of fastapi, nextjs",
    },
    {
      name: "no name",
      args: ["Orders!", "--kind", "fastapi"],
      says: "cannot be the name of an app",
    },
    { name: "an app that is there", args: ["storefront", "--kind", "fastapi"], says: "already" },
  ])("refuses $name", async ({ args, says }) => {
    const folder = await platform();
    const before = readFileSync(join(folder, "platform.ts"), "utf8");
    const { code, stderr } = await runKeelson(folder, "app", "add", ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(readFileSync(join(folder, "platform.ts"), "utf8")).toBe(before);
  });

  it("says what to add where the definition is written another way, and writes nothing when asked to", async () => {
    const folder = await platform();
    const dry = await runKeelson(folder, "app", "add", "orders", "--kind", "nextjs", "--dry-run");
    expect(dry.stdout).toContain("would be created");
    expect(existsSync(join(folder, "services"))).toBe(false);
    writeFileSync(join(folder, "platform.ts"), "export default { apps };\n");
    const { code, stderr } = await runKeelson(folder, "app", "add", "orders", "--kind", "nextjs");
    expect(code).toBe(2);
    expect(stderr).toContain('route: { host: "orders", port: 3000 }');
  });
});
