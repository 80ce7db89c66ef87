// Writes a new app: its code beside the definition and its entry into it. Chart, policies, autoscaler and monitors follow from the
// entry, as for every app; nothing of them is written here.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { isDnsLabel } from "../../core/index.ts";
import { displayPath, locateDefinition } from "../definition/locate.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { FASTAPI } from "./fastapi.ts";
import { NEXTJS } from "./nextjs.ts";

export interface AppKind {
  readonly port: number;
  /** Path → text, with the app's name filled in. */
  files(name: string): Readonly<Record<string, string>>;
}

const KINDS: Readonly<Record<string, AppKind>> = { fastapi: FASTAPI, nextjs: NEXTJS };

export interface AddRequest {
  readonly kind: string;
  readonly image?: string;
  readonly file?: string;
  readonly dryRun?: boolean;
}

export function addApp(name: string, request: AddRequest, terminal: Terminal): void {
  const { file, dryRun = false } = request;
  const kind = KINDS[request.kind];
  if (kind === undefined)
    throw new UsageError(
      `${JSON.stringify(request.kind)} is no kind of app`,
      `choose one of ${Object.keys(KINDS).join(", ")}`,
    );
  if (!isDnsLabel(name))
    throw new UsageError(`${JSON.stringify(name)} cannot be the name of an app`);
  const definition = locateDefinition(file === undefined ? {} : { file }, terminal.cwd);
  const before = readFileSync(definition, "utf8");
  const after = withEntry(before, name, entryOf(name, kind, imageOf(before, name, request)));
  const folder = join(dirname(definition), "services", name);
  if (existsSync(folder))
    throw new UsageError(`${displayPath(folder, terminal.cwd)} is there already`);
  for (const [path, text] of Object.entries(kind.files(name))) {
    const target = join(folder, path);
    terminal.out(`${displayPath(target, terminal.cwd)} ${dryRun ? "would be " : ""}created\n`);
    if (dryRun) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text, { flag: "wx" });
  }
  terminal.out(
    `${displayPath(definition, terminal.cwd)} ${dryRun ? "would get" : "has"} apps.${name}\n`,
  );
  if (!dryRun) writeFileSync(definition, after);
  terminal.err("\nnext: keelson check\n");
}

const DEFAULT_TAG = "0.1.0";

function imageOf(definition: string, name: string, { image }: AddRequest): string {
  if (image !== undefined) return image;
  const platform = /^\s*name: "([a-z0-9-]+)"/m.exec(definition)?.[1] ?? "platform";
  return `registry.example.com/${platform}/${name}:${DEFAULT_TAG}`;
}

function entryOf(name: string, { port }: AppKind, image: string): readonly string[] {
  return [
    `    ${/^[a-z][a-z0-9]*$/.test(name) ? name : JSON.stringify(name)}: {`,
    `      image: ${JSON.stringify(image)}, // built from services/${name}`,
    `      route: { host: ${JSON.stringify(name)}, port: ${port} },`,
    "      scale: { min: 2, max: 6, cpu: 70 },",
    `      metrics: "/metrics",`,
    "    },",
  ];
}

/** The block as it stands in every definition that was formatted. */
const APPS = /^ {2}apps: \{$/m;

function withEntry(definition: string, name: string, entry: readonly string[]): string {
  const found = APPS.exec(definition);
  if (found === null)
    throw new UsageError(
      "the definition has no line `  apps: {` to write below",
      `add it by hand:\n${entry.join("\n")}`,
    );
  const at = found.index + found[0].length;
  if (new RegExp(`^ {4}"?${name}"?: \\{`, "m").test(definition.slice(at)))
    throw new UsageError(`the definition has an app ${name} already`);
  return `${definition.slice(0, at)}\n${entry.join("\n")}${definition.slice(at)}`;
}
