// `keelson logs APP`: what the pods of an application write, from the platform that runs here.

import { InvalidArgumentError, Option, type Command } from "commander";

import type { ExitCode } from "../exit-code.ts";
import type { CommandContext } from "../program.ts";

const EXAMPLES = `Examples:
  keelson logs storefront               everything its pods have written
  keelson logs storefront -f --tail 20  the last lines, then what comes
  keelson logs orders --previous        what the container said before it was restarted
`;

export interface LogsOptions {
  readonly follow?: true;
  readonly previous?: true;
  /** A duration such as `5m`. */
  readonly since?: string;
  readonly tail?: number;
  readonly cluster?: string;
}

export function registerLogs(program: Command, { terminal, finish }: CommandContext): void {
  program
    .command("logs")
    .description("print what the pods of an application write")
    .argument("<app>", "its name in the definition")
    .addHelpText("before", EXAMPLES)
    .option("-f, --follow", "go on with what is written, in new pods too")
    .option("--previous", "of the containers' run before this one")
    .option("--since <duration>", "only lines younger than that, such as 5m")
    .addOption(new Option("--tail <lines>", "only the last lines of each pod").argParser(lines))
    .option("--cluster <name>", "the cluster (default: the first that up has started)")
    .action(async (app: string, options: LogsOptions): Promise<void> => {
      const { showLogs } = await import("../logs/show-logs.ts");
      finish((await showLogs(app, options, terminal)) satisfies ExitCode);
    });
}

function lines(text: string): number {
  const count = Number(text);
  if (text !== "" && Number.isInteger(count) && count >= 0) return count;
  throw new InvalidArgumentError("expected a number of lines");
}
