// `elasticmq.conf` from the queues of the definition. HOCON as in elasticmq v1.7.1 README, "Automatically creating queues
// on startup".

import type { PlannedQueue } from "../../../model/index.ts";
import { MESSAGING_NAMESPACE, SQS_PORT } from "./surface.ts";

export const SERVER_HOST = `elasticmq.${MESSAGING_NAMESPACE}.svc`;

/** Where messages go that were received too often. */
export function deadLetterQueue(queue: string): string {
  return `${queue}-dead-letters`;
}

export function elasticmqConfiguration(queues: readonly PlannedQueue[]): string {
  return [
    'include classpath("application.conf")',
    "",
    "# Queue URLs in answers carry the name apps use.",
    "node-address {",
    "  protocol = http",
    `  host = "${SERVER_HOST}"`,
    `  port = ${SQS_PORT}`,
    "}",
    "",
    "queues {",
    ...queues.flatMap(queueBlock),
    "}",
    "",
  ].join("\n");
}

function queueBlock({ name, visibilityTimeoutMs, deadLetterAfter }: PlannedQueue): string[] {
  const visibility = `    defaultVisibilityTimeout = ${Math.ceil(visibilityTimeoutMs / 1000)} seconds`;
  if (deadLetterAfter === undefined) return [`  ${name} {`, visibility, "  }"];
  return [
    `  ${name} {`,
    visibility,
    "    deadLettersQueue {",
    `      name = "${deadLetterQueue(name)}"`,
    `      maxReceiveCount = ${deadLetterAfter}`,
    "    }",
    "  }",
    `  ${deadLetterQueue(name)} { }`,
  ];
}
