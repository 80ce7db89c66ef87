// Finds the real tools, and builds the missing ones with Go when that is asked for.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { findOnPath } from "../find-tool.ts";
import { REPOSITORY, runCommand } from "../run-command.ts";
import type { GoPackage, Validator } from "./validator.ts";

/** Built tools, kept between runs and ignored by git. */
export const TOOLS = join(REPOSITORY, ".keelson", "tools");

export function findValidatorTool({ tool }: Pick<Validator, "tool">): string | undefined {
  return findOnPath(tool, [TOOLS]);
}

/** Why a validator is skipped, and how to get its tool. */
export function whyMissing({
  tool,
  install,
  source,
}: Pick<Validator, "tool" | "install" | "source">): string {
  const origin = install ? `${install.path}@${install.version}` : source;
  return `${tool} is not on the PATH${origin === undefined ? "" : ` (from ${origin})`}`;
}

/**
 * Builds a tool in a module of its own: `go install` refuses modules with replace directives, while a dependency's replaces are
 * ignored. Answers the compiler's complaint, or undefined when it worked.
 */
export async function installTool(tool: string, goPackage: GoPackage): Promise<string | undefined> {
  const folder = join(TOOLS, `${tool}.module`);
  mkdirSync(folder, { recursive: true });
  const steps = [
    ["mod", "init", "tools"],
    ["get", `${goPackage.path}@${goPackage.version}`],
    ["build", "-o", join(TOOLS, tool), goPackage.path],
  ];
  for (const args of steps) {
    const result = await runCommand("go", args, { cwd: folder, env: { GOTOOLCHAIN: "local" } });
    const repeated = args[1] === "init" && result.output.includes("already exists");
    if (result.code !== 0 && !repeated) return result.output.trim();
  }
  return undefined;
}
