// nginx from the system's packages: the one on the PATH, or the package unpacked beside the bench, so that nothing is
// installed and no service starts.

import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { findOnPath } from "../scripts/find-tool.ts";
import { runCommand } from "../scripts/run-command.ts";
import { Unavailable } from "./case.ts";
import { WORK } from "./cold-process.ts";

/** Debian and Ubuntu since 23.10 have the program in the first, Ubuntu before that in the second. */
const PACKAGES = ["nginx", "nginx-core"];

/** Its path; rejects with the reason where there is none. */
export async function nginxProgram(): Promise<string> {
  const installed = findOnPath("nginx");
  if (installed !== undefined) return installed;
  const folder = join(WORK, "nginx");
  const program = join(folder, "usr", "sbin", "nginx");
  const apt = findOnPath("apt-get");
  if (!existsSync(program)) {
    if (apt === undefined) throw new Unavailable("no nginx on the PATH, and no apt-get");
    for (const name of PACKAGES) await unpack(apt, name, folder);
  }
  if (!existsSync(program)) throw new Unavailable("no nginx on the PATH, and apt-get has none");
  const { code, output } = await runCommand(program, ["-v"], {});
  if (code !== 0) throw new Unavailable(`nginx does not start: ${output.trim().split("\n")[0]}`);
  return program;
}

async function unpack(apt: string, name: string, folder: string): Promise<void> {
  if (existsSync(join(folder, "usr", "sbin", "nginx"))) return;
  mkdirSync(folder, { recursive: true });
  await runCommand(apt, ["download", "--quiet", name], { cwd: folder });
  const archive = readdirSync(folder).find((file) => file.startsWith(`${name}_`));
  if (archive !== undefined)
    await runCommand("dpkg", ["--extract", join(folder, archive), folder], { cwd: folder });
}
