// `keelson traces [APP]`: what requests did, as trees, from the platform that runs here.

import type { Command } from "commander";

import type { ExitCode } from "../exit-code.ts";
import { countOption, outputOption } from "../options.ts";
import type { CommandContext } from "../program.ts";

const EXAMPLES = `Examples:
  keelson traces storefront             the latest requests that storefront had a part in
  keelson traces --trace 4bf92f35       one of them, with the lines it logged
`;

export interface TracesOptions {
  readonly errors?: true;
  readonly trace?: string;
  readonly limit: number;
  readonly output: "table" | "json";
}

export function registerTraces(program: Command, { terminal, finish }: CommandContext): void {
  program
    .command("traces")
    .description("show the latest traces of the platform that runs here")
    .argument("[app]", "only traces in which this service took part")
    .addHelpText("before", EXAMPLES)
    .option("--errors", "only traces in which something failed")
    .option("--trace <id>", "the trace whose id begins like this")
    .addOption(countOption("--limit <number>", "how many, newest first", 5))
    .addOption(outputOption(["table", "json"]))
    .action(async (app: string | undefined, options: TracesOptions): Promise<void> => {
      const { showTraces } = await import("../telemetry/show-traces.ts");
      finish((await showTraces(app, options, terminal)) satisfies ExitCode);
    });
}
