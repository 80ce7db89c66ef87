// Secrets that a person makes: nothing of them in the tree but how to make them, and nothing left open by it.

import { describe, expect, it } from "vitest";

import { citadel } from "../../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../../testing/plan.ts";

const definition = {
  ...citadel,
  secrets: { ...citadel.secrets, hand: { kind: "secrets-by-hand" } },
  apps: {
    gate: {
      image: "ghcr.io/example/gate:1.0.0",
      route: { host: "gate", port: 8080 },
      secrets: { signing: { keys: ["KEY"], from: "hand" }, paging: { keys: ["TOKEN"] } },
    },
  },
};
const planned = planEnvironment(definition, "prod");
const emissions = emissionsOf(planned).map(({ emission }) => emission);

describe("a secret that is made by hand", () => {
  it("is used like any other, and made by nobody else", () => {
    expect(findings(definition, "prod").filter(({ severity }) => severity === "error")).toEqual([]);
    const objects = emissions.flatMap((emission) => emission.objects ?? []);
    const named = objects.filter(({ object }) => object.metadata.name === "gate-signing");
    expect(named).toEqual([]);
    const deployment = objects.find(
      ({ object }) => object.metadata.name === "gate" && object.kind === "Deployment",
    );
    expect(JSON.stringify(deployment)).toContain(
      '"secretKeyRef":{"name":"gate-signing","key":"KEY"}',
    );
  });

  it("has a script that asks for its values, and only for these", () => {
    const file = emissions
      .flatMap(({ files }) => files ?? [])
      .find((one) => one.file === "clusters/prod/secrets-by-hand.sh");
    expect(file?.text).toContain("ask 'apps.gate.signing, KEY' >");
    expect(file?.text).toMatch(
      /kubectl create secret generic gate-signing -n gate --type=Opaque --from-file=KEY=/,
    );
    expect(file?.text).not.toContain("paging");
  });

  it("is nobody's default", () => {
    const owners = Object.fromEntries(
      planned.cluster.secrets.map(({ id, provider }) => [id, provider]),
    );
    expect(owners).toMatchObject({ "apps.gate.signing": "hand", "apps.gate.paging": "kept" });
  });
});
