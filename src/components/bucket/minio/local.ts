// S3 as processes, in the place of MinIO: Keelson's own small server with the root account, and the job that makes the buckets.

import type { LocalContext, LocalProvider, PreparedLocal } from "../../../model/index.ts";
import { hasLabels } from "../../local/pod-of.ts";
import { rcloneForm, rcloneProgram } from "../../local/rclone-program.ts";
import { API_PORT, NAME, NAMESPACE } from "./surface.ts";

const SERVER = { "app.kubernetes.io/name": "minio", "app.kubernetes.io/component": "server" };

export const minioLocal: LocalProvider = {
  async prepare({ machine }: LocalContext): Promise<PreparedLocal> {
    const data = await machine.dataFolder(`${NAMESPACE}/${NAME}`);
    const command = machine.program("s3-server", `--data=${data}`, `--port=${API_PORT}`);
    const rclone = await rcloneProgram(machine);
    const text = "Keelson's own server; no versions, no life cycle rules";
    return {
      find: (pod, container) =>
        hasLabels(pod, NAMESPACE, SERVER)
          ? { command, directory: "/" }
          : rcloneForm(container, machine, rclone),
      statements: [{ system: "S3", outcome: "process", text }],
    };
  },
};
