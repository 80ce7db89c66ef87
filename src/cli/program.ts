// Every command of `keelson`, one line each. A command loads what it needs only when it runs.

import { Command } from "commander";

import { registerApp } from "./commands/app.ts";
import { registerCheck } from "./commands/check.ts";
import { registerCluster } from "./commands/cluster.ts";
import { registerCompile } from "./commands/compile.ts";
import { registerExplain } from "./commands/explain.ts";
import { registerGraph } from "./commands/graph.ts";
import { registerInit } from "./commands/init.ts";
import { registerLogs } from "./commands/logs.ts";
import { registerOpen } from "./commands/open.ts";
import { registerMetrics } from "./commands/metrics.ts";
import { registerReport } from "./commands/report.ts";
import { registerSeal } from "./commands/seal.ts";
import { registerTraces } from "./commands/traces.ts";
import { registerUp } from "./commands/up.ts";
import { registerUpdate } from "./commands/update.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

/** What a command is registered with. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Called once, when the command has done its work. */
  readonly finish: (code: ExitCode) => void;
}

type Register = (program: Command, context: CommandContext) => void;

const COMMANDS: readonly Register[] = [
  registerInit,
  registerApp,
  registerCompile,
  registerCheck,
  registerUp,
  registerLogs,
  registerOpen,
  registerTraces,
  registerMetrics,
  registerCluster,
  registerSeal,
  registerExplain,
  registerGraph,
  registerReport,
  registerUpdate,
];

const EXAMPLES = `Examples:
  keelson init harbour --from local-first   a platform of your own, ready to edit
  keelson check --blueprint local-first     what holds, what does not, and why
`;

export function createProgram(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const program = new Command("keelson")
    .description("Declare a cloud-native platform once; compile it, check it, run it.")
    .addHelpText("before", `${EXAMPLES}`)
    .version(VERSION, "--version", "print the version")
    .helpCommand("help [command]", "explain a command")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      getOutHasColors: () => terminal.color.out,
      getErrHasColors: () => terminal.color.err,
    });
  for (const register of COMMANDS) register(program, { terminal, finish });
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}
