// Starts a platform of one's own: the blueprint's definition under a new name, and what an editor and npm need around it.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";

import { isDnsLabel, toDnsLabel } from "../core/index.ts";
import { LOCK_FILE } from "../model/index.ts";
import { displayPath } from "./definition/locate.ts";
import { blueprintFolder } from "./definition/locate.ts";
import { packageSpec } from "./package-spec.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

interface InitRequest {
  readonly from: string;
  readonly name?: string;
}

export function initFolder(target: string, { from, name }: InitRequest, terminal: Terminal): void {
  const folder = resolve(terminal.cwd, target);
  const files = platformFiles(blueprintFolder(from), from, platformName(folder, name));
  refuseToOverwrite(folder, files, terminal.cwd);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of files) {
    writeFileSync(join(folder, file), text, { flag: "wx" });
    terminal.out(`${displayPath(join(folder, file), terminal.cwd)} created\n`);
  }
  const shown = displayPath(folder, terminal.cwd) || ".";
  const enter = shown === "." ? "" : `cd ${shown} && `;
  terminal.err(`\nnext: ${enter}npm install && npx keelson check\n`);
}

function platformName(folder: string, name: string | undefined): string {
  const chosen = name ?? toDnsLabel(basename(folder));
  if (isDnsLabel(chosen)) return chosen;
  throw new UsageError(
    `${JSON.stringify(chosen)} cannot be the name of a platform`,
    "give --name a word of lower-case letters, digits and hyphens",
  );
}

/** The blueprint's own files, renamed, and those every platform has. */
function platformFiles(blueprint: string, from: string, name: string): ReadonlyMap<string, string> {
  const original = /^ {2}name: "([a-z0-9-]+)"/m;
  const shipped = readdirSync(blueprint).filter(
    (file) => file.startsWith("platform.") || file === LOCK_FILE,
  );
  const texts = new Map(shipped.map((file) => [file, readFileSync(join(blueprint, file), "utf8")]));
  const old = [...texts.values()]
    .map((text) => original.exec(text)?.[1])
    .find((found) => found !== undefined);
  const renamed = [...texts].map(
    ([file, text]) => [file, old === undefined ? text : text.replaceAll(old, name)] as const,
  );
  return new Map([
    ...renamed,
    ["package.json", packageJson(name)],
    ["tsconfig.json", TSCONFIG],
    ["README.md", readme(name, from)],
    [".gitignore", GITIGNORE],
  ]);
}

function refuseToOverwrite(folder: string, files: ReadonlyMap<string, string>, cwd: string): void {
  const found = [...files.keys()].filter((file) => existsSync(join(folder, file)));
  if (found.length === 0) return;
  const shown = displayPath(folder, cwd) || ".";
  throw new UsageError(`${shown} already has ${found.join(", ")}`, "choose another folder");
}

function packageJson(name: string): string {
  const manifest = {
    name,
    private: true,
    type: "module",
    scripts: { check: "keelson check", compile: "keelson compile" },
    devDependencies: { keelson: packageSpec() },
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "ES2023",
    "module": "NodeNext",
    "moduleResolution": "NodeNext",
    "strict": true,
    "exactOptionalPropertyTypes": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true,
    "noEmit": true,
    "types": []
  },
  "include": ["*.ts"]
}
`;

const GITIGNORE = `node_modules/
# Keys and state of the cluster on this machine.
/.keelson/
`;

function readme(name: string, from: string): string {
  return `# ${name}

The platform ${name}, declared in \`platform.ts\` and started from the blueprint ${from}.

| | |
| --- | --- |
| \`npx keelson check\` | what is wrong, and what holds |
| \`npx keelson compile\` | write the files into \`manifests/\` |
| \`npx keelson up\` | run the platform here, without Docker |
| \`npx keelson explain apps\` | why something is there, and which defaults apply |
| \`npx keelson graph\` | who talks to whom |
| \`npx keelson update\` | move versions in \`keelson.lock\`, which belongs in git |
`;
}
