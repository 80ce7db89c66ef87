// `keelson seal`: values for one environment's secrets, readable by that environment's controller alone.

import type { Command } from "commander";

import { addDefinitionOptions } from "../options.ts";
import type { PlatformOptions } from "../options.ts";
import type { CommandContext } from "../program.ts";

const EXAMPLES = `Examples:
  keelson seal --env prod --cert prod.pem                        generate and seal what can be generated
  keelson seal --env prod --cert prod.pem --values - < mine.yaml  and what only you know
`;

export interface SealOptions extends Omit<PlatformOptions, "env"> {
  readonly env: string;
  readonly cert: string;
  readonly values?: string;
  readonly again?: readonly string[];
  readonly dryRun?: true;
}

export function registerSeal(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command("seal")
    .description("seal secret values into sealed/<environment>.yaml beside the definition")
    .addHelpText("before", EXAMPLES);
  addDefinitionOptions(command)
    .requiredOption("--env <name>", "whose secrets")
    .requiredOption(
      "--cert <file>",
      "certificate of that environment's controller (kubeseal --fetch-cert)",
    )
    .option("--values <file>", "YAML or JSON: secret, key, value; - for standard input")
    .option("--again <secret...>", "seal these anew with new values")
    .option("--dry-run", "say what would be sealed, and write nothing")
    .action(async (options: SealOptions): Promise<void> => {
      const { sealInto } = await import("../seal-file.ts");
      finish(await sealInto(options, terminal));
    });
}
