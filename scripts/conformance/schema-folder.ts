// Where JSON schemas of Kubernetes objects lie on this machine. Validators' own defaults are on the internet, and a gate must not be.

import { join } from "node:path";

import { runCommand } from "../run-command.ts";
import { TOOLS } from "./tools.ts";

let chosen: string | undefined;

/** What `--schemas` says. */
export function chooseSchemaFolder(folder: string): void {
  chosen = folder;
}

/** The chosen folder, or the catalogue inside flux-schema's source when `--install` has built it. */
export async function schemaFolder(): Promise<string | undefined> {
  if (chosen !== undefined) return chosen;
  const args = ["list", "-m", "-f", "{{.Dir}}", "github.com/fluxcd/flux-schema"];
  const result = await runCommand("go", args, { cwd: join(TOOLS, "flux-schema.module") });
  const folder = result.stdout.trim();
  return result.code === 0 && folder !== ""
    ? (chosen = join(folder, "catalog", "latest"))
    : undefined;
}
