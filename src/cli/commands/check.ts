// `keelson check`: every finding about a definition and what it compiles to, then the promises that hold and why.

import type { Command } from "commander";

import { EXIT, type ExitCode } from "../exit-code.ts";
import type { PlatformOptions } from "../options.ts";
import { addDefinitionOptions, addEnvironmentOption, outputOption } from "../options.ts";
import type { CommandContext } from "../program.ts";
import type { Terminal } from "../terminal.ts";

const EXAMPLES = `Examples:
  keelson check                         findings and proofs for the platform.ts here
  keelson check --env prod -o sarif     for a code host
`;

const FORMATS = ["table", "json", "sarif", "junit"] as const;

interface CheckOptions extends PlatformOptions {
  readonly output: (typeof FORMATS)[number];
}

export function registerCheck(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command("check")
    .description("find what is wrong, and prove what holds")
    .addHelpText("before", EXAMPLES);
  addEnvironmentOption(addDefinitionOptions(command))
    .addOption(outputOption(FORMATS))
    .action(async (options: CheckOptions) => finish(await runCheck(options, terminal)));
}

async function runCheck(options: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  const { checkPlatform } = await import("../check-platform.ts");
  const { passed, text } = await checkPlatform(options, options.output, terminal);
  terminal.out(text);
  return passed ? EXIT.ok : EXIT.failed;
}
