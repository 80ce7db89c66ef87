// Backup jobs as processes: their scripts with rclone in PATH. The dump itself is a container of the database's image, which
// that component's local provider knows.

import type { LocalContext, LocalProvider, PreparedLocal } from "../../model/index.ts";
import { rcloneForm, rcloneProgram } from "../local/rclone-program.ts";

export const backupLocal: LocalProvider = {
  async prepare({ cluster, machine }: LocalContext): Promise<PreparedLocal> {
    // What lies outside the cluster is not a laptop's to copy.
    const isOurs = cluster.buckets.every(({ binding }) => binding.endpoint.kind === "workload");
    if (machine.platform === "win32" || !isOurs) return { find: () => undefined, statements: [] };
    const rclone = await rcloneProgram(machine);
    const text =
      rclone.from === "system"
        ? "rclone of this machine"
        : "a stand-in for rclone; the dumps are real";
    return {
      find: (_pod, container) => rcloneForm(container, machine, rclone),
      statements: [{ system: "backup jobs", outcome: "process", text }],
    };
  },
};
