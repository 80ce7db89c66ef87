// `keelson explain THING`: why something exists, what one line of the definition makes, and which defaults apply.

import type { Command } from "commander";

import { EXIT, type ExitCode } from "../exit-code.ts";
import type { PlatformOptions } from "../options.ts";
import { addDefinitionOptions, addEnvironmentOption } from "../options.ts";
import type { CommandContext } from "../program.ts";
import type { Terminal } from "../terminal.ts";

const EXAMPLES = `Examples:
  keelson explain deployment/storefront        why does this object exist
  keelson explain apps.storefront.route        what does this line make
`;

export interface ExplainOptions extends PlatformOptions {
  readonly namespace?: string;
}

export function registerExplain(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command("explain")
    .description("say why something exists")
    .argument(
      "<thing>",
      "an object (kind/name), a path of the definition, or the code of a finding",
    )
    .addHelpText("before", EXAMPLES);
  addEnvironmentOption(addDefinitionOptions(command))
    .option("-n, --namespace <name>", "the object's namespace")
    .action(async (thing: string, options: ExplainOptions) =>
      finish(await runExplain(thing, options, terminal)),
    );
}

async function runExplain(
  thing: string,
  options: ExplainOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { explain } = await import("../explain/explain.ts");
  return (await explain(thing, options, terminal)) ? EXIT.ok : EXIT.failed;
}
