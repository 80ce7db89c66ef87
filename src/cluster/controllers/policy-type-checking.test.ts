// The published example of a status with warnings (kubernetes.io: Validating Admission Policy, "Type checking"), and which kinds
// are looked at (apiserver validating/typechecking_test.go @v1.36).

import { describe, expect, test } from "vitest";

import type { KubernetesObject } from "../../kubernetes/index.ts";
import { createRng, createVirtualClock } from "../../core/index.ts";
import { createEmbeddedCluster } from "../embedded-cluster.ts";

const API_VERSION = "admissionregistration.k8s.io/v1";
const KIND = "ValidatingAdmissionPolicy";
const DEPLOYMENTS = { apiGroups: ["apps"], apiVersions: ["v1"], resources: ["deployments"] };
const operations = ["CREATE", "UPDATE"];

const policy = (spec: Readonly<Record<string, unknown>>, rules: object = DEPLOYMENTS) => ({
  apiVersion: API_VERSION,
  kind: KIND,
  metadata: { name: "p" },
  spec: { matchConstraints: { resourceRules: [{ ...rules, operations }] }, ...spec },
});

async function statusOf(object: KubernetesObject): Promise<unknown> {
  const clock = createVirtualClock(0);
  const cluster = createEmbeddedCluster({ name: "test", clock, rng: createRng("test"), nodes: [] });
  await cluster.start();
  await cluster.api.create(object);
  await clock.advanceTo(1000);
  const { status } = await cluster.api.get({ apiVersion: API_VERSION, kind: KIND, name: "p" });
  cluster.stop();
  return status;
}

const warning = (index: number, text: string) => ({
  fieldRef: `spec.validations[${index}].expression`,
  warning: text,
});

describe("the status of a ValidatingAdmissionPolicy", () => {
  test.each([
    {
      name: "fields that exist",
      object: policy({ validations: [{ expression: "object.spec.replicas > 1" }] }),
      warnings: undefined,
    },
    {
      name: "a field that does not exist",
      object: policy({ validations: [{ expression: "object.replicas > 1" }] }),
      warnings: [
        warning(
          0,
          "apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'replicas'\n | object.replicas > 1\n | ......^\n",
        ),
      ],
    },
    {
      name: "metadata as a whole",
      object: policy({ validations: [{ expression: "object.metadata.labels['a'] == 'b'" }] }),
      warnings: undefined,
    },
    {
      name: "variables carry their types",
      object: policy({
        variables: [{ name: "n", expression: "object.spec.replicas" }],
        validations: [{ expression: "variables.n > 1" }, { expression: "variables.n.size() > 1" }],
      }),
      warnings: [expect.objectContaining({ fieldRef: "spec.validations[1].expression" })],
    },
    {
      name: "several kinds, each for itself",
      object: policy(
        { validations: [{ expression: "object.spec.minReadySeconds > 1" }] },
        { ...DEPLOYMENTS, resources: ["deployments", "replicasets", "controllerrevisions"] },
      ),
      warnings: [
        expect.objectContaining({
          warning: expect.stringMatching(/^apps\/v1, Kind=ControllerRevision: /),
        }),
      ],
    },
    {
      name: "wildcards are not looked at",
      object: policy(
        { validations: [{ expression: "object.nothing == 1" }] },
        { ...DEPLOYMENTS, apiGroups: ["*"] },
      ),
      warnings: undefined,
    },
  ])("$name", async ({ object, warnings }) => {
    const typeChecking = warnings === undefined ? {} : { expressionWarnings: warnings };
    expect(await statusOf(object)).toEqual({ observedGeneration: 1, typeChecking });
  });
});
