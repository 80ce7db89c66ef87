// `keelson app add NAME`: an app of a kind that is known, as code of its own and as an entry of the definition.

import type { Command } from "commander";

import { EXIT } from "../exit-code.ts";
import type { CommandContext } from "../program.ts";

const EXAMPLES = `Examples:
  keelson app add orders --kind fastapi     code in services/orders, an entry in apps
  keelson app add web --kind nextjs --dry-run
`;

interface AddOptions {
  readonly kind: string;
  readonly image?: string;
  readonly file?: string;
  readonly dryRun?: boolean;
}

export function registerApp(program: Command, { terminal, finish }: CommandContext): void {
  program
    .command("app")
    .description("add an app to the platform")
    .addHelpText("before", EXAMPLES)
    .command("add")
    .description("write an app's code and its entry in the definition")
    .argument("<name>", "a word of lower-case letters, digits and hyphens")
    .addHelpText("before", EXAMPLES)
    .requiredOption("--kind <kind>", "fastapi or nextjs")
    .option("--image <image>", "with a tag (default: registry.example.com/<platform>/<name>:0.1.0)")
    .option("-f, --file <file>", "the definition (default: platform.ts here)")
    .option("--dry-run", "say what would be written, and write nothing")
    .action(async (name: string, options: AddOptions) => {
      const { addApp } = await import("../app/add-app.ts");
      addApp(name, options, terminal);
      finish(EXIT.ok);
    });
}
