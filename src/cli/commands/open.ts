// `keelson open APP`: where an application answers, in the browser when somebody sits at the terminal.

import type { Command } from "commander";

import type { ExitCode } from "../exit-code.ts";
import type { CommandContext } from "../program.ts";

const EXAMPLES = `Examples:
  keelson open storefront               print its URL and open it in the browser
  keelson open storefront | cat         print the URL alone, as in curl $(keelson open storefront)
`;

export interface OpenOptions {
  readonly cluster?: string;
}

export function registerOpen(program: Command, { terminal, finish }: CommandContext): void {
  program
    .command("open")
    .description("print where an application answers, and open it in the browser")
    .argument("<app>", "its name in the definition")
    .addHelpText("before", EXAMPLES)
    .option("--cluster <name>", "the cluster (default: the first that has it)")
    .action(async (app: string, options: OpenOptions): Promise<void> => {
      const { openApp } = await import("../open-app.ts");
      finish((await openApp(app, options, terminal)) satisfies ExitCode);
    });
}
