// `keelson update`: moves versions and allocations in keelson.lock, and says what changes.

import type { Command } from "commander";

import { EXIT, type ExitCode } from "../exit-code.ts";
import type { DefinitionChoice } from "../definition/locate.ts";
import { addDefinitionOptions } from "../options.ts";
import type { CommandContext } from "../program.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

const EXAMPLES = `Examples:
  keelson update                            adds what the lock lacks, moves nothing
  keelson update --app storefront=1.4.2     the version of an app
`;

interface UpdateOptions extends DefinitionChoice {
  readonly all?: true;
  readonly move?: readonly string[];
  readonly app?: readonly string[];
  readonly dryRun?: true;
}

export function registerUpdate(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command("update")
    .description(
      "write keelson.lock: the versions and address ranges that do not move by themselves",
    )
    .addHelpText("before", EXAMPLES);
  addDefinitionOptions(command)
    .option("--all", "move every chart and image to the catalogue's version")
    .option("--move <name...>", "move these charts and images only")
    .option("--app <name=version...>", "the image version of an app that states none")
    .option("--dry-run", "say what would change, and write nothing")
    .action(async (options: UpdateOptions) => finish(await runUpdate(options, terminal)));
}

async function runUpdate(options: UpdateOptions, terminal: Terminal): Promise<ExitCode> {
  const { updateLockFile } = await import("../update-lock-file.ts");
  const move = options.all === true ? "all" : (options.move ?? []);
  const apps = Object.fromEntries((options.app ?? []).map(readAppVersion));
  const request = { move, apps, dryRun: options.dryRun === true } as const;
  return (await updateLockFile(options, request, terminal)) ? EXIT.ok : EXIT.failed;
}

function readAppVersion(text: string): readonly [name: string, version: string] {
  const at = text.indexOf("=");
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError(`${text} is no app version`, "write --app storefront=1.4.2");
}
