// `keelson up`: the whole platform on this machine, from the definition to healthy.

import { Option, type Command } from "commander";

import type { Phase } from "../../compiler/index.ts";
import type { ExitCode } from "../exit-code.ts";
import type { PlatformOptions } from "../options.ts";
import { addDefinitionOptions, portOption, secondsOption } from "../options.ts";
import type { CommandContext } from "../program.ts";

const EXAMPLES = `Examples:
  keelson up                            compile, check, boot and deliver the platform.ts here
  keelson up --once -o json             the same for scripts: exits when healthy or failed
  keelson up --phase core               rights, secrets, ingress, mesh and data; observability and apps later
  keelson up --debug storefront         apps with a \`dev\` run as processes; this one with its inspector open
`;

export interface UpOptions extends Omit<PlatformOptions, "env"> {
  /** The first environment's cluster delivers to all. */
  readonly env: readonly string[];
  readonly once?: true;
  /** What comes later is left out. */
  readonly phase?: Phase;
  readonly output: "table" | "json";
  readonly port: number;
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Seconds. */
  readonly timeout: number;
  /** Nothing runs as a process. */
  readonly simulated?: true;
  /** Apps whose inspector is opened. */
  readonly debug?: readonly string[];
  /** Data of a former run goes first. */
  readonly reset?: true;
  readonly yes?: true;
}

export function registerUp(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command("up")
    .description(
      "run the platform here: embedded clusters, delivered from a git repository it makes",
    )
    .addHelpText("before", EXAMPLES);
  addDefinitionOptions(command)
    .option("--env <name...>", "environments to run", ["dev"])
    .addOption(
      // Named here as well: the compiler is not loaded to print help.
      new Option("--phase <name>", "deliver up to this phase, and say what is left").choices([
        "security",
        "core",
        "observability",
        "apps",
      ] satisfies Phase[]),
    )
    .option("--once", "exit when everything is healthy, or when it failed")
    .addOption(
      new Option("-o, --output <format>", "how to print the result")
        .choices(["table", "json"])
        .default("table"),
    )
    .addOption(
      portOption(
        "--port <number>",
        "Kubernetes API of the first cluster; 0 picks free ports",
        6443,
      ),
    )
    .addOption(portOption("--http-port <number>", "ingress", 8080))
    .addOption(portOption("--https-port <number>", "ingress with TLS", 8443))
    .option("--simulated", "run nothing as a process, whatever the definition's dev says")
    .option("--debug <app...>", "open the inspector of these apps' processes")
    .option("--reset", "remove the data that local services kept, after asking")
    .option("-y, --yes", "do not ask")
    .addOption(secondsOption("--timeout <seconds>", "how long it may take to become healthy", 120))
    .action(async (options: UpOptions): Promise<void> => {
      const { runUp } = await import("../up/run-up.ts");
      finish((await runUp(options, terminal)) satisfies ExitCode);
    });
}
