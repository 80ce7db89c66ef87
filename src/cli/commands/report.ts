// `keelson report`: what somebody who has to answer for a platform asks: which controls hold, and what every flow rests on.

import { Argument, type Command } from "commander";

import { EXIT, type ExitCode } from "../exit-code.ts";
import type { PlatformOptions } from "../options.ts";
import { addDefinitionOptions, addEnvironmentOption, outputOption } from "../options.ts";
import type { CommandContext } from "../program.ts";
import type { Terminal } from "../terminal.ts";

const EXAMPLES = `Examples:
  keelson report compliance --env prod    controls with their evidence; fails when one does not hold
  keelson report flows -o json            by what each flow is authenticated, authorised and encrypted
`;

const SUBJECTS = ["compliance", "flows"] as const;
const FORMATS = ["table", "json"] as const;

export type ReportSubject = (typeof SUBJECTS)[number];

export interface ReportOptions extends PlatformOptions {
  readonly output: (typeof FORMATS)[number];
}

export function registerReport(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command("report")
    .description("report which controls hold, or what every flow rests on")
    .addHelpText("before", EXAMPLES)
    .addArgument(new Argument("<subject>", "what the report is about").choices(SUBJECTS));
  addEnvironmentOption(addDefinitionOptions(command))
    .addOption(outputOption(FORMATS))
    .action(async (subject: ReportSubject, options: ReportOptions) =>
      finish(await runReport(subject, options, terminal)),
    );
}

async function runReport(
  subject: ReportSubject,
  options: ReportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { printReport } = await import("../print-report.ts");
  return (await printReport(subject, options, terminal)) ? EXIT.ok : EXIT.failed;
}
