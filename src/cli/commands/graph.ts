// `keelson graph`: who talks to whom, as a diagram or as data.

import type { Command } from "commander";

import { EXIT, type ExitCode } from "../exit-code.ts";
import type { PlatformOptions } from "../options.ts";
import { addDefinitionOptions, outputOption } from "../options.ts";
import type { CommandContext } from "../program.ts";
import type { Terminal } from "../terminal.ts";

const EXAMPLES = `Examples:
  keelson graph --env prod > graph.mmd      a Mermaid flowchart
  keelson graph -o json                     workloads and flows as data
  keelson graph -o hops --env prod          the way of a request, and where TLS ends
  keelson graph -o entries --env prod       what is open to the outside, to whom and why
`;

const FORMATS = ["mermaid", "json", "hops", "entries"] as const;

export interface GraphOptions extends Omit<PlatformOptions, "env"> {
  readonly env?: string;
  readonly cluster?: string;
  readonly output: (typeof FORMATS)[number];
}

export function registerGraph(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command("graph")
    .description("print who talks to whom on one cluster")
    .addHelpText("before", EXAMPLES);
  addDefinitionOptions(command)
    .option("--env <name>", "the environment (default: the first)")
    .option("--cluster <name>", "the cluster (default: the environment's first)")
    .addOption(outputOption(FORMATS))
    .action(async (options: GraphOptions) => finish(await runGraph(options, terminal)));
}

async function runGraph(options: GraphOptions, terminal: Terminal): Promise<ExitCode> {
  const { printGraph } = await import("../print-graph.ts");
  return (await printGraph(options, terminal)) ? EXIT.ok : EXIT.failed;
}
