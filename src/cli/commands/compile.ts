// `keelson compile`: writes the tree of files a platform consists of.

import type { Command } from "commander";

import { EXIT, type ExitCode } from "../exit-code.ts";
import type { PlatformOptions } from "../options.ts";
import { addDefinitionOptions, addEnvironmentOption } from "../options.ts";
import type { CommandContext } from "../program.ts";
import type { Terminal } from "../terminal.ts";

const EXAMPLES = `Examples:
  keelson compile                       writes manifests/ from the platform.ts here
  keelson compile --dry-run             says what would change
`;

interface CompileOptions extends PlatformOptions {
  readonly output: string;
  readonly overwrite?: true;
  readonly dryRun?: true;
}

export function registerCompile(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command("compile")
    .description(
      "write the files a platform consists of: plain Kustomize and Helm values, ready for git",
    )
    .addHelpText("before", EXAMPLES);
  addEnvironmentOption(addDefinitionOptions(command))
    .option("-o, --output <folder>", "where to write", "manifests")
    .option("--overwrite", "replace files that were changed by hand")
    .option("--dry-run", "say what would be written, and write nothing")
    .action(async (options: CompileOptions) => finish(await runCompile(options, terminal)));
}

async function runCompile(options: CompileOptions, terminal: Terminal): Promise<ExitCode> {
  const { compileInto } = await import("../compile-into.ts");
  const done = await compileInto(options, terminal);
  return done ? EXIT.ok : EXIT.failed;
}
