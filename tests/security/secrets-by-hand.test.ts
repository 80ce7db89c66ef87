// What the runtime makes in a person's place: the Secrets of that provider, in every namespace that needs them, and no others.

import { expect, it } from "vitest";

import { citadel } from "../../src/components/testing/definitions.ts";
import { planEnvironment } from "../../src/components/testing/plan.ts";
import { secretsByHand } from "../../src/runtime/secrets-by-hand.ts";

it("makes what is a person's to make, and nothing of other providers", () => {
  const { cluster } = planEnvironment(
    {
      ...citadel,
      secrets: { ...citadel.secrets, hand: { kind: "secrets-by-hand" } },
      apps: {
        gate: {
          image: "ghcr.io/example/gate:1.0.0",
          secrets: { signing: { keys: ["KEY"], from: "hand" }, paging: { keys: ["TOKEN"] } },
        },
      },
    },
    "prod",
  );
  const values = { "apps.gate.signing": { KEY: "one" }, "apps.gate.paging": { TOKEN: "two" } };
  expect(secretsByHand(cluster, values)).toEqual([
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "gate-signing", namespace: "gate" },
      type: "Opaque",
      stringData: { KEY: "one" },
    },
  ]);
});
