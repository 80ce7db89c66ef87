// SQS as a process: fauxqs, with the queues of the same configuration. Messages live in memory, as ElasticMQ's do. The user
// interface stays simulated.

import type { LocalContext, LocalProvider, PreparedLocal } from "../../../model/index.ts";
import { hasLabels } from "../../local/pod-of.ts";
import { MESSAGING_NAMESPACE, SQS_PORT } from "./surface.ts";

/** The last that starts on Node 20. */
const VERSION = "1.9.2";
const SYSTEM = "SQS";
const LABELS = { "app.kubernetes.io/name": "elasticmq", "app.kubernetes.io/component": "server" };

export const elasticmqLocal: LocalProvider = {
  async prepare({ machine }: LocalContext): Promise<PreparedLocal> {
    try {
      const folder = await machine.install({
        name: "fauxqs",
        version: VERSION,
        packages: [`fauxqs@${VERSION}`],
      });
      const command = machine.program(
        "sqs-server",
        `--packages=${folder}`,
        "--configuration=/opt/elasticmq.conf",
        `--port=${SQS_PORT}`,
      );
      const text = `fauxqs ${VERSION}; messages live in memory, as ElasticMQ's do`;
      return {
        find: (pod) =>
          hasLabels(pod, MESSAGING_NAMESPACE, LABELS) ? { command, directory: "/" } : undefined,
        statements: [{ system: SYSTEM, outcome: "process", text }],
      };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return {
        find: () => undefined,
        statements: [{ system: SYSTEM, outcome: "simulated", text }],
      };
    }
  },
};
