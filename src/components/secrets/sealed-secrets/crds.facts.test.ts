import { describe, expect, it } from "vitest";
import { createKindRegistry, validateObject } from "../../../kubernetes/index.ts";
import { sealedSecretsCrdFacts } from "./crds.facts.ts";

const API = "bitnami.com/v1alpha1";
const facts = createKindRegistry(sealedSecretsCrdFacts).find(API, "SealedSecret");

const CASES: readonly (readonly [string, unknown, readonly string[]])[] = [
  [
    "a sealed secret",
    {
      encryptedData: { token: "AgBy" },
      template: { type: "Opaque", metadata: { name: "a", labels: { app: "web" } } },
    },
    [],
  ],
  ["no encrypted data", { template: {} }, ["spec.encryptedData: required"]],
  [
    "encrypted data of another type",
    { encryptedData: { token: 1 } },
    ["spec.encryptedData.token: type"],
  ],
  ["an unknown field", { encryptedData: {}, scope: "cluster-wide" }, ["spec.scope: unknown-field"]],
];

describe("SealedSecret", () => {
  it("is namespaced, with a status", () => {
    expect(facts).toMatchObject({
      resource: "sealedsecrets",
      namespaced: true,
      subresources: ["status"],
    });
  });

  it.each(CASES)("%s", (_name, spec, problems) => {
    const object = {
      apiVersion: API,
      kind: "SealedSecret",
      metadata: { name: "a", namespace: "web" },
      spec,
    };
    const found = facts && validateObject(object, facts);
    expect(found?.map(({ cause, kind }) => `${cause.field}: ${kind}`)).toEqual(problems);
  });
});
