// Tags that Flux writes: its objects, the place it finds them by, and that nobody else writes them.

import { describe, expect, it } from "vitest";

import { kindsOfFacts, validateObject } from "../../../kubernetes/index.ts";
import { harbour } from "../../testing/definitions.ts";
import { findings, planEnvironment } from "../../testing/plan.ts";
import { fluxCrdFacts } from "./crds.facts.ts";
import { imageObjects, tagMarker } from "./image-objects.ts";
import type { FluxOptions } from "./options.ts";

const kinds = new Map(kindsOfFacts(fluxCrdFacts).map((kind) => [kind.kind, kind]));
const reading = { kind: "flux", repository: "https://git.example.com/harbour" };
const delivery = { ...reading, credentials: "git", imageUpdates: { push: "updates" } };
const pricing = { port: 9090, image: "example/pricing", updates: { semver: "2.x" } };
const updated = { ...harbour, delivery, apps: { ...harbour.apps, pricing } };

describe("new tags of an app", () => {
  const { cluster } = planEnvironment(updated, "prod");
  const [filled] = cluster.slots.filter(({ slot }) => slot === "delivery");
  const objects = imageObjects(cluster, filled?.options as FluxOptions);

  it("are looked for and committed by valid objects", () => {
    const problems = objects.flatMap((object) => {
      const kind = kinds.get(object.kind);
      return kind === undefined ? [object.kind] : validateObject(object, kind).map(String);
    });
    expect(problems).toEqual([]);
    expect(objects).toMatchObject([
      { kind: "ImageRepository", spec: { image: "docker.io/example/pricing", interval: "5m" } },
      {
        kind: "ImagePolicy",
        metadata: { name: "pricing-prod" },
        spec: { policy: { semver: { range: "2.x" } } },
      },
      {
        kind: "ImageUpdateAutomation",
        spec: {
          git: { checkout: { ref: { branch: "main" } }, push: { branch: "updates" } },
          update: { strategy: "Setters" },
        },
      },
    ]);
  });

  it("are written behind a marker of the cluster's own", () => {
    const app = cluster.apps.find(({ name }) => name === "pricing");
    expect(app && tagMarker(cluster, app)).toBe('{"$imagepolicy": "flux-system:pricing-prod:tag"}');
  });

  it("let their controllers reach git, registries and Flux itself", () => {
    const flows = cluster.flows.filter(({ name }) => name.includes("-image-"));
    expect(flows.map(({ name }) => name)).toEqual([
      "flux-image-automation-controller-to-git",
      "flux-image-automation-controller-to-notification",
      "flux-image-reflector-controller-to-notification",
      "flux-image-reflector-controller-to-registries",
    ]);
  });
});

describe("one writer of tags", () => {
  const withApp = (app: object) => ({ ...updated, apps: { pricing: { ...pricing, ...app } } });
  it.each([
    { name: "the engine alone", definition: withApp({}), codes: [] },
    {
      name: "the definition and the engine",
      definition: withApp({ image: "example/pricing:2.0.0" }),
      codes: ["app/two-tag-writers"],
    },
    {
      name: "an engine that writes none",
      definition: { ...withApp({}), delivery: reading },
      codes: ["app/updates-need-writer"],
    },
    {
      name: "a chart of our own",
      definition: { ...withApp({}), packaging: "helm" },
      codes: ["app/updates-need-kustomize"],
    },
    {
      name: "pushing without a credential",
      definition: { ...withApp({}), delivery: { ...reading, imageUpdates: {} } },
      codes: ["model/contradiction"],
    },
  ])("$name", ({ definition, codes }) => {
    const errors = findings(definition, "dev").filter(({ severity }) => severity === "error");
    expect(errors.map(({ code }) => code)).toEqual(codes);
  });
});
