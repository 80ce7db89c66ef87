// `keelson metrics [APP]`: rates, percentiles and sparklines from the platform that runs here.

import type { Command } from "commander";

import type { ExitCode } from "../exit-code.ts";
import { countOption, outputOption } from "../options.ts";
import type { CommandContext } from "../program.ts";

const EXAMPLES = `Examples:
  keelson metrics storefront                    every figure of storefront, over five minutes
  keelson metrics storefront --by http.route    the same, a row for each route
`;

export interface MetricsOptions {
  readonly by?: string;
  /** Seconds. */
  readonly last: number;
  readonly prometheus?: true;
  readonly output: "table" | "json";
}

export function registerMetrics(program: Command, { terminal, finish }: CommandContext): void {
  program
    .command("metrics")
    .description("show the metrics of the platform that runs here")
    .argument("[app]", "only of this service")
    .addHelpText("before", EXAMPLES)
    .option("--by <attribute>", "a row for each value of this attribute")
    .addOption(countOption("--last <seconds>", "how far to look back", 300))
    .option("--prometheus", "print a prometheus.yml that scrapes the apps that run, instead")
    .addOption(outputOption(["table", "json"]))
    .action(async (app: string | undefined, options: MetricsOptions): Promise<void> => {
      const { showMetrics } = await import("../telemetry/show-metrics.ts");
      finish((await showMetrics(app, options, terminal)) satisfies ExitCode);
    });
}
