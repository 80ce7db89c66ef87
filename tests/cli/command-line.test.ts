// The command line as a person meets it: help, mistakes, streams and exit codes.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { runCommandLine } from "../../src/cli/run-command-line.ts";
import { VERSION } from "../../src/cli/version.ts";
import { InvariantError } from "../../src/core/index.ts";
import { createProgram } from "../../src/cli/program.ts";
import { runKeelson, temporaryFolder } from "./run-keelson.ts";

const terminal = {
  out: () => undefined,
  err: () => undefined,
  cwd: "/",
  environment: {
    HOME: "/",
    PATH: undefined,
    LANG: undefined,
    XDG_CACHE_HOME: undefined,
    NO_COLOR: undefined,
    FORCE_COLOR: undefined,
    TERM: undefined,
  },
  isInteractive: false,
  color: { out: false, err: false },
};
const commands = createProgram(terminal, () => undefined).commands.map((command) => command.name());

describe("help", () => {
  it("leads with two examples and lists every command", async () => {
    const { code, stdout, stderr } = await runKeelson(temporaryFolder(), "--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    await expect(stdout).toMatchFileSnapshot("golden/help.txt");
  });

  it.each(commands)("%s leads with its own", async (command) => {
    const { code, stdout } = await runKeelson(temporaryFolder(), command, "--help");
    expect(code).toBe(0);
    expect(stdout.match(/^ {2}keelson /gm)?.length).toBeGreaterThanOrEqual(2);
    await expect(stdout).toMatchFileSnapshot(`golden/help-${command}.txt`);
  });

  it("suggests only commands that exist", async () => {
    const texts = await Promise.all(
      ["--help", ...commands].map(async (name) => {
        const args = name.startsWith("-") ? [name] : [name, "--help"];
        return (await runKeelson(temporaryFolder(), ...args)).stdout;
      }),
    );
    const suggested = texts.flatMap((text) =>
      [...text.matchAll(/^ {2}keelson (\S+)/gm)].map(([, word = ""]) => word),
    );
    for (const word of suggested) expect([...commands, "help"]).toContain(word);
  });
});

interface Mistake {
  readonly name: string;
  readonly args: readonly string[];
  readonly says: string;
  readonly files?: Readonly<Record<string, string>>;
}

const MISTAKES: readonly Mistake[] = [
  { name: "a mistyped command", args: ["chek"], says: "(Did you mean check?)" },
  {
    name: "a mistyped option",
    args: ["check", "--outptu", "json"],
    says: "(Did you mean --output?)",
  },
  {
    name: "a format that does not exist",
    args: ["graph", "-o", "svg"],
    says: "Allowed choices are mermaid, json, hops, entries",
  },
  { name: "no definition", args: ["check"], says: "there is no platform.ts or platform.yaml here" },
  {
    name: "a file that does not exist",
    args: ["check", "-f", "x.ts"],
    says: "x.ts does not exist",
  },
  {
    name: "a blueprint that does not exist",
    args: ["check", "--blueprint", "x"],
    says: "choose one of greenfield, home-lab, hybrid, local-first, managed",
  },
  {
    name: "two definitions at once",
    args: ["check", "-f", "x.ts", "--blueprint", "local-first"],
    says: "give one of them",
  },
  {
    name: "two candidates",
    args: ["check"],
    files: { "platform.ts": "", "platform.yaml": "" },
    says: "choose with -f platform.ts",
  },
  {
    name: "an object that does not exist",
    args: ["explain", "deploy/storefrnt", "--blueprint", "local-first"],
    says: 'did you mean "storefront"?',
  },
];

describe("mistakes on the command line", () => {
  it.each(MISTAKES)("$name exits 2 and says what to do", async ({ args, says, files = {} }) => {
    const cwd = temporaryFolder();
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    const { code, stdout, stderr } = await runKeelson(cwd, ...args);
    expect(stderr).toContain(says);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});

describe("the process", () => {
  const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
  const jiti = fileURLToPath(new URL("../../node_modules/jiti/lib/jiti-cli.mjs", import.meta.url));
  const run = (...args: readonly string[]): { status: number | null; stdout: string } =>
    spawnSync(process.execPath, [jiti, main, ...args], { encoding: "utf8" });

  it("ends with the code of the run", () => {
    expect(run("--version")).toMatchObject({ status: 0, stdout: `${VERSION}\n` });
    expect(run("nonsense")).toMatchObject({ status: 2, stdout: "" });
  });

  it("says when the mistake is ours", async () => {
    let written = "";
    const broken = {
      ...terminal,
      err: (text: string) => (written += text),
      get cwd(): string {
        throw new InvariantError("the folder is known");
      },
    };
    expect(await runCommandLine(["check"], broken)).toBe(70);
    expect(written).toContain("This is a bug in keelson");
    expect(written).toContain("the folder is known");
  });
});

interface BrokenFile {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly code: string;
  readonly at: string;
}

const BROKEN: readonly BrokenFile[] = [
  {
    name: "does not parse",
    file: "platform.ts",
    text: 'import { definePlatform } from "keelson";\nexport default definePlatform({\n  name: "x"\n  domain: "y",\n});\n',
    code: "definition/syntax",
    at: "platform.ts:4:3",
  },
  {
    name: "throws",
    file: "platform.ts",
    text: "interface Settings {\n  a: number;\n}\nfunction read(settings: Settings): number {\n  throw new Error(`no ${settings.a}`);\n}\nexport default { name: read({ a: 1 }) };\n",
    code: "definition/throws",
    at: "platform.ts:5:3",
  },
  {
    name: "calls a helper that does not exist",
    file: "platform.ts",
    text: 'import { definePlatfrom } from "keelson";\nexport default definePlatfrom({});\n',
    code: "definition/unknown-helper",
    at: "platform.ts:2:1",
  },
  {
    name: "exports nothing",
    file: "platform.ts",
    text: "export const a = 1;\n",
    code: "definition/no-export",
    at: "",
  },
  {
    name: "is no YAML",
    file: "platform.yaml",
    text: "name: x\nsites: [\n",
    code: "definition/syntax",
    at: "platform.yaml:3:1",
  },
  {
    name: "names one key twice",
    file: "platform.yaml",
    text: "name: x\nname: y\n",
    code: "definition/syntax",
    at: "platform.yaml:2:1",
  },
];

describe("a definition that", () => {
  it.each(BROKEN)("$name is a finding with its place", async ({ file, text, code, at }) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, file), text);
    const run = await runKeelson(cwd, "check");
    expect(run.stdout).toContain(`error[${code}]`);
    expect(run.stdout).toContain(at);
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 1, stderr: "" });
  });
});
