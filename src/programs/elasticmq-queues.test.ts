// What the elasticmq component writes, the local SQS server reads.

import { describe, expect, it } from "vitest";

import { parseElasticmqQueues } from "./elasticmq-queues.ts";

/** As src/components/queue/elasticmq/configuration.ts writes it. */
const CONFIGURATION = `include classpath("application.conf")

# Queue URLs in answers carry the name apps use.
node-address {
  protocol = http
  host = "elasticmq.messaging.svc"
  port = 9324
}

queues {
  mail {
    defaultVisibilityTimeout = 30 seconds
    deadLettersQueue {
      name = "mail-dead-letters"
      maxReceiveCount = 5
    }
  }
  mail-dead-letters { }
  audit {
    defaultVisibilityTimeout = 90 seconds
  }
}
`;

describe("parseElasticmqQueues", () => {
  it("reads time-outs and dead letters", () => {
    expect(parseElasticmqQueues(CONFIGURATION)).toEqual([
      {
        name: "mail",
        visibilitySeconds: 30,
        deadLetters: { queue: "mail-dead-letters", receivesMax: 5 },
      },
      { name: "mail-dead-letters" },
      { name: "audit", visibilitySeconds: 90 },
    ]);
  });
});
