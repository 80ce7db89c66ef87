// rclone for the scripts of jobs: the system's, else a stand-in that does what backups and restores ask of it.

import type { Container } from "../../kubernetes/index.ts";
import type { LocalForm, LocalMachine } from "../../model/index.ts";
import { isImage } from "./pod-of.ts";
import { scriptForm } from "./script-form.ts";

export interface RcloneProgram {
  /** Folder of the program. */
  readonly directory: string;
  readonly from: "system" | "stand-in";
}

export async function rcloneProgram(machine: LocalMachine): Promise<RcloneProgram> {
  const path = await machine.findProgram("rclone");
  if (path !== undefined)
    return { directory: path.slice(0, path.lastIndexOf("/")), from: "system" };
  const command = machine.program("rclone").map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const text = `#!/bin/sh\nexec ${command.join(" ")} "$@"\n`;
  return { directory: await machine.executable("rclone", text), from: "stand-in" };
}

/** Any container of the image with a script of its own. */
export function rcloneForm(
  container: Container,
  machine: LocalMachine,
  { directory }: RcloneProgram,
): LocalForm | undefined {
  if (!isImage(container, "rclone")) return undefined;
  return scriptForm(container, { path: `${directory}:${machine.path}` });
}
