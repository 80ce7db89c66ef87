// `keelson init DIR`: a folder with a commented definition of one's own, ready to edit.

import type { Command } from "commander";

import { EXIT } from "../exit-code.ts";
import type { CommandContext } from "../program.ts";

const EXAMPLES = `Examples:
  keelson init harbour                      from the blueprint local-first
  keelson init . --from local-first --name harbour
`;

interface InitOptions {
  readonly from: string;
  readonly name?: string;
}

export function registerInit(program: Command, { terminal, finish }: CommandContext): void {
  program
    .command("init")
    .description("start a platform of your own from a blueprint")
    .argument("<folder>", "where; made when it does not exist")
    .addHelpText("before", EXAMPLES)
    .option("--from <blueprint>", "the blueprint to start from", "local-first")
    .option("--name <name>", "the platform's name (default: the folder's)")
    .action(async (folder: string, options: InitOptions) => {
      const { initFolder } = await import("../init-folder.ts");
      initFolder(folder, options, terminal);
      finish(EXIT.ok);
    });
}
