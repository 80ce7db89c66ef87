// The commands one after the other, as someone new would type them.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { stringify } from "yaml";

import definition from "../../blueprints/local-first/platform.ts";
import { runKeelson, temporaryFolder } from "./run-keelson.ts";

const read = (...path: string[]): string => readFileSync(join(...path), "utf8");

async function initialised(): Promise<string> {
  const folder = temporaryFolder();
  const { code, stderr } = await runKeelson(folder, "init", "harbour");
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return join(folder, "harbour");
}

describe("init", () => {
  it("makes a folder that checks clean", async () => {
    const folder = await initialised();
    expect(readdirSync(folder).toSorted()).toEqual([
      ".gitignore",
      "README.md",
      "keelson.lock",
      "package.json",
      "platform.ts",
      "tsconfig.json",
    ]);
    expect(read(folder, "platform.ts")).toContain('name: "harbour"');
    expect(read(folder, "platform.ts")).not.toContain("comind-ops");
    const { code } = await runKeelson(folder, "check");
    expect(code).toBe(0);
  });

  it("refuses to overwrite", async () => {
    const folder = await initialised();
    const before = read(folder, "platform.ts");
    const { code, stderr } = await runKeelson(folder, "init", ".");
    expect({ code, stderr }).toMatchObject({ code: 2 });
    expect(stderr).toContain("already has");
    expect(read(folder, "platform.ts")).toBe(before);
  });

  it("asks for a name where the folder's is none", async () => {
    const { code, stderr } = await runKeelson(
      temporaryFolder(),
      "init",
      "x",
      "--name",
      "Not A Name",
    );
    expect(code).toBe(2);
    expect(stderr).toContain("--name");
  });
});

describe("compile", () => {
  it("writes a tree, then only what changed", async () => {
    const folder = await initialised();
    const first = await runKeelson(folder, "compile");
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^manifests: \d+ files, \d+ created\n$/);
    const second = await runKeelson(folder, "compile");
    expect(second.stdout).toMatch(/^manifests: \d+ files, \d+ unchanged\n$/);

    writeFileSync(
      join(folder, "platform.ts"),
      read(folder, "platform.ts").replace("min: 2, max: 10", "min: 3, max: 10"),
    );
    const dry = await runKeelson(folder, "compile", "--dry-run");
    const third = await runKeelson(folder, "compile");
    expect(third.stdout.split("\n").slice(0, -2)).toEqual([
      "manifests/apps/storefront/overlays/prod/horizontal-pod-autoscaler.yaml updated",
      "manifests/apps/storefront/overlays/staging/horizontal-pod-autoscaler.yaml updated",
    ]);
    expect(dry.stdout).toBe(third.stdout.replace(/\n$/, " (dry run)\n"));
  });

  it("keeps a change made by hand, until the definition wants another", async () => {
    const folder = await initialised();
    await runKeelson(folder, "compile");
    const file = join(
      folder,
      "manifests/apps/storefront/overlays/prod/horizontal-pod-autoscaler.yaml",
    );
    const mine = read(file).replace("maxReplicas: 10", "maxReplicas: 12");
    writeFileSync(file, mine);
    const kept = await runKeelson(folder, "compile");
    expect(kept.code).toBe(0);
    expect(kept.stderr).toContain("warning[compile/kept-file]");
    expect(read(file)).toBe(mine);

    writeFileSync(
      join(folder, "platform.ts"),
      read(folder, "platform.ts").replace("max: 10", "max: 11"),
    );
    const conflict = await runKeelson(folder, "compile");
    expect({ code: conflict.code, stdout: conflict.stdout }).toEqual({ code: 1, stdout: "" });
    expect(conflict.stderr).toContain("error[compile/edited-file]");
    expect(read(file)).toBe(mine);
    expect((await runKeelson(folder, "compile", "--overwrite")).code).toBe(0);
    expect(read(file)).toContain("maxReplicas: 11");
  });

  it("removes what is no longer wanted, and empty folders with it", async () => {
    const folder = await initialised();
    await runKeelson(folder, "compile");
    const text = read(folder, "platform.ts");
    const start = text.indexOf("    storefront: {");
    const end = text.indexOf("\n    },\n", start) + "\n    },\n".length;
    const without = text.slice(0, start) + text.slice(end);
    // What production says of it goes as well.
    const changed = without.replace(/^ *apps: \{ storefront: .*\n/m, "");
    writeFileSync(join(folder, "platform.ts"), changed);
    expect((await runKeelson(folder, "compile")).code).toBe(0);
    expect(existsSync(join(folder, "manifests/apps"))).toBe(false);
  });

  it("does not remove environments it was not asked about", async () => {
    const folder = await initialised();
    await runKeelson(folder, "compile");
    const { code, stderr } = await runKeelson(folder, "compile", "--env", "dev");
    expect(code).toBe(1);
    expect(stderr).toContain("error[compile/other-environments]");
    expect((await runKeelson(folder, "compile", "--env", "dev", "-o", "other")).code).toBe(0);
    expect(readdirSync(join(folder, "other/clusters")).toSorted()).toEqual(["README.md", "dev"]);
  });

  it("says how to get a lock", async () => {
    const folder = await initialised();
    rmSync(join(folder, "keelson.lock"));
    const { code, stderr } = await runKeelson(folder, "compile");
    expect(code).toBe(1);
    expect(stderr).toContain("run keelson update");
    expect((await runKeelson(folder, "update")).code).toBe(0);
    expect((await runKeelson(folder, "compile")).code).toBe(0);
  });

  it("takes YAML for the same definition", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "platform.yaml"), stringify(definition));
    await runKeelson(folder, "update");
    expect((await runKeelson(folder, "compile", "-o", "a")).code).toBe(0);
    const { code, stdout } = await runKeelson(
      folder,
      "compile",
      "--blueprint",
      "local-first",
      "-o",
      "a",
    );
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^a: \d+ files, \d+ unchanged\n$/);
  });
});

describe("check", () => {
  it("prints findings, then promises with evidence", async () => {
    const { code, stdout, stderr } = await runKeelson(
      temporaryFolder(),
      "check",
      "--blueprint",
      "local-first",
      "--env",
      "dev",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^PROMISE +EVIDENCE$/m);
    expect(stdout).toMatch(
      /^only declared flows pass +\d+ flows allowed, [\d,]+ pairs of pods denied; k3d enforces$/m,
    );
    expect(stdout).toMatch(/\n\d+ promises proved\n$/);
  });

  it("writes SARIF a code host can read", async () => {
    const { stdout } = await runKeelson(
      temporaryFolder(),
      "check",
      "--blueprint",
      "local-first",
      "-o",
      "sarif",
    );
    const log = JSON.parse(stdout) as {
      version: string;
      runs: {
        results: {
          ruleId: string;
          locations: { physicalLocation: { region: { startLine: number } } }[];
        }[];
      }[];
    };
    expect(log.version).toBe("2.1.0");
    const result = log.runs[0]?.results.find(({ ruleId }) => ruleId === "verify/unsealed-secrets");
    expect(result?.locations[0]?.physicalLocation.region.startLine).toBeGreaterThan(1);
  });

  it("writes JUnit with a test for every promise and finding", async () => {
    const cwd = temporaryFolder();
    const json = await runKeelson(cwd, "check", "--blueprint", "local-first", "-o", "json");
    const { findings, promises } = JSON.parse(json.stdout) as {
      findings: unknown[];
      promises: unknown[];
    };
    const { stdout } = await runKeelson(cwd, "check", "--blueprint", "local-first", "-o", "junit");
    expect(stdout).toContain(
      `<testsuite name="keelson" tests="${findings.length + promises.length}" failures="0">`,
    );
    expect(stdout.match(/<testcase /g)).toHaveLength(findings.length + promises.length);
  });

  it("knows no environment nobody declared", async () => {
    const { code, stdout } = await runKeelson(
      temporaryFolder(),
      "check",
      "--blueprint",
      "local-first",
      "--env",
      "prd",
    );
    expect(code).toBe(1);
    expect(stdout).toContain('did you mean "prod"?');
  });
});

describe("explain", () => {
  it("says why an object exists", async () => {
    const { code, stdout } = await runKeelson(
      temporaryFolder(),
      "explain",
      "netpol/storefront-to-orders",
      "--blueprint",
      "local-first",
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^ {2}because {2}apps\.storefront\.needs\[0\] is "orders" .*platform\.ts:\d+:\d+$/m,
    );
    expect(stdout).toMatch(/^ {2}flow {5}storefront → orders:5432 {2}postgresql$/m);
    expect(stdout).toContain("secret orders-app");
  });

  it("shows defaults of a path", async () => {
    const { stdout } = await runKeelson(
      temporaryFolder(),
      "explain",
      "databases.orders",
      "--blueprint",
      "local-first",
      "--env",
      "dev",
    );
    expect(stdout).toMatch(/^ {2}storage +5Gi +definition$/m);
    expect(stdout).toMatch(/^ {2}instances +1 +default$/m);
  });

  it("shows where a finding is", async () => {
    const { code, stdout } = await runKeelson(
      temporaryFolder(),
      "explain",
      "verify/unsealed-secrets",
      "--blueprint",
      "local-first",
    );
    expect(code).toBe(0);
    expect(stdout).toContain("info[verify/unsealed-secrets]");
  });
});

describe("graph", () => {
  it("draws one cluster", async () => {
    const { code, stdout } = await runKeelson(
      temporaryFolder(),
      "graph",
      "--blueprint",
      "local-first",
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^flowchart LR\n/);
  });

  it("follows a request hop by hop", async () => {
    const args = ["graph", "--blueprint", "local-first", "-o", "hops"];
    const { stdout } = await runKeelson(temporaryFolder(), ...args);
    const hops = stdout.split("\n").map((line) => line.split(/ {2,}/).slice(1).join(" "));
    expect(hops[0]).toBe("FROM TO PORT PROTOCOL TLS");
    expect(hops).toContain("internet nginx-gateway/platform-nginx 80 http none");
    expect(hops).toContain("storefront/storefront data/orders 5432 postgresql none");
  });

  it("lists what is open to the outside", async () => {
    const args = ["graph", "--blueprint", "local-first", "-o", "entries"];
    const { stdout } = await runKeelson(temporaryFolder(), ...args);
    const names = stdout.split("\n").map((line) => line.split(/ {2,}/).slice(0, 4).join(" "));
    expect(names).toEqual([
      "NAME OPENS PORTS FROM",
      "ingress nginx-gateway/platform-nginx 80 0.0.0.0/0",
      "api this machine (api) 6443 127.0.0.1/32",
      "registry this machine (registry) 5000 127.0.0.1/32",
      "registry-nodes registry/registry-nodes 5000 172.18.0.0/16",
      "",
    ]);
  });

  it("gives the same as data", async () => {
    const { stdout } = await runKeelson(
      temporaryFolder(),
      "graph",
      "--blueprint",
      "local-first",
      "--env",
      "prod",
      "-o",
      "json",
    );
    expect(JSON.parse(stdout)).toHaveProperty("flows");
  });
});

describe("update", () => {
  it("changes nothing without being asked, and only what it is asked", async () => {
    const folder = await initialised();
    expect((await runKeelson(folder, "update")).stdout).toMatch(/keelson\.lock: unchanged\n$/);
    const moved = await runKeelson(folder, "update", "--app", "storefront=1.4.2");
    expect(moved.stdout).toMatch(/^apps\.storefront +0\.1\.0 +1\.4\.2$/m);
    expect(read(folder, "keelson.lock")).toContain("storefront: 1.4.2");
  });
});
