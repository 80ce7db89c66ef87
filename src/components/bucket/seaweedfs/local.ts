// S3 as processes: Keelson's own small server, with the identities that the init container writes from the Secrets, and the
// job that makes the buckets. Objects lie below the data folder and survive restarts.

import type { Container, Pod } from "../../../kubernetes/index.ts";
import type {
  LocalContext,
  LocalForm,
  LocalMachine,
  LocalProvider,
  PreparedLocal,
} from "../../../model/index.ts";
import { hasLabels } from "../../local/pod-of.ts";
import { scriptForm } from "../../local/script-form.ts";
import { IDENTITIES_FILE } from "./identities.ts";
import { FILER_PORT, NAME, NAMESPACE, S3_PORT } from "./surface.ts";

export const SERVER_TEXT = "Keelson's own server; no versions, no life cycle rules";

export const seaweedfsLocal: LocalProvider = {
  async prepare({ cluster, machine }: LocalContext): Promise<PreparedLocal> {
    if (machine.platform === "win32") return noShell();
    const data = await machine.dataFolder(`${NAMESPACE}/${NAME}`);
    const buckets = cluster.buckets.map(({ name }) => name);
    const server = machine.program(
      "s3-server",
      `--data=${data}`,
      `--identities=${IDENTITIES_FILE}`,
      `--port=${S3_PORT}`,
      `--unsigned-port=${FILER_PORT}`,
    );
    const job = machine.program("make-buckets", "$(WEED_CLUSTER_SW_FILER)", ...buckets);
    return {
      find: (pod, container) => formOf(pod, container, { server, job, machine }),
      statements: [{ system: "S3", outcome: "process", text: SERVER_TEXT }],
    };
  },
};

function noShell(): PreparedLocal {
  const text = "its identities are written by a POSIX shell";
  return { find: () => undefined, statements: [{ system: "S3", outcome: "simulated", text }] };
}

function formOf(
  pod: Pod,
  container: Container,
  forms: {
    readonly server: readonly string[];
    readonly job: readonly string[];
    readonly machine: LocalMachine;
  },
): LocalForm | undefined {
  const of = (component: string): Record<string, string> => ({
    "app.kubernetes.io/name": NAME,
    "app.kubernetes.io/component": component,
  });
  if (hasLabels(pod, NAMESPACE, of("buckets"))) return { command: forms.job, directory: "/" };
  if (!hasLabels(pod, NAMESPACE, of("server"))) return undefined;
  if (container.name === NAME) return { command: forms.server, directory: "/" };
  return scriptForm(container, { path: forms.machine.path });
}
