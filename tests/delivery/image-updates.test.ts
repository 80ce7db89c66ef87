// A new tag in a registry becomes a commit and then running pods: Flux's image automation over a platform of one app.

import { expect, it } from "vitest";

import { flux } from "../../src/components/index.ts";
import { valueAt } from "../../src/core/index.ts";
import { until } from "./engines.ts";
import { REPOSITORY, runSmall, small } from "./small-platform.ts";

const MINUTE_MS = 60_000;
const IMAGE = "ghcr.io/example/web";
const OVERLAY = "apps/web/overlays/prod/kustomization.yaml";

const ready = (object: unknown): unknown[] =>
  ["reason", "message"].map((field) => valueAt(object, ["status", "conditions", 0, field]));

it("a tag that the policy takes is committed behind its marker, and rolls out", async () => {
  const tags = ["1.0.0", "latest"];
  const delivery = flux({ repository: REPOSITORY, credentials: "git", imageUpdates: {} });
  const web = { image: IMAGE, port: 8080, updates: { semver: "1.x" } };
  const world = await runSmall(small({ delivery, apps: { web } }), "images", {
    imageTags: (image) => Promise.resolve(image === IMAGE ? [...tags] : []),
  });
  const running = async (): Promise<unknown> => {
    const ref = { apiVersion: "apps/v1", kind: "Deployment", name: "web", namespace: "web" };
    const live = await world.api.get(ref);
    const isUp = valueAt(live, ["status", "updatedReplicas"]) === 1;
    return isUp ? valueAt(live, ["spec", "template", "spec", "containers", 0, "image"]) : undefined;
  };
  const rolledOut = (tag: string): Promise<void> =>
    until(world, async () => (await running()) === `${IMAGE}:${tag}`, 20 * MINUTE_MS);
  const overlay = async (): Promise<string> => {
    const commit = await world.git.resolve(REPOSITORY, "main");
    return (await world.git.read(REPOSITORY, commit, OVERLAY)).get(OVERLAY) ?? "";
  };
  await rolledOut("1.0.0");

  tags.push("1.0.1", "2.0.0", "1.1.0-rc.1");
  await rolledOut("1.0.1");
  expect(await overlay()).toContain('1.0.1 # {"$imagepolicy": "flux-system:web-prod:tag"}');
  const automation = await world.api.get({
    apiVersion: "image.toolkit.fluxcd.io/v1",
    kind: "ImageUpdateAutomation",
    name: "flux-system",
    namespace: "flux-system",
  });
  const pushed = valueAt(automation, ["status", "lastPushCommit"]);
  expect(pushed).toBe(await world.git.resolve(REPOSITORY, "main"));

  expect(ready(automation)).toEqual(["Succeeded", "repository up-to-date"]);
  const policy = await world.api.get({
    apiVersion: "image.toolkit.fluxcd.io/v1",
    kind: "ImagePolicy",
    name: "web-prod",
    namespace: "flux-system",
  });
  const chosen = `Latest image tag for ${IMAGE} resolved to 1.0.1 (previously ${IMAGE}:1.0.0)`;
  expect(ready(policy)).toEqual(["Succeeded", chosen]);
  const events = (await world.api.list({ apiVersion: "v1", kind: "Event" })).items
    .filter(({ reason }) => reason === "Succeeded")
    .map(({ message }) => String(message));
  expect(events).toContain(chosen);
  expect(events).toContain(
    `pushed commit '${String(pushed).slice(0, 7)}' to branch 'main'\nUpdate images on prod\n\n- 1.0.0 -> 1.0.1`,
  );

  // Nothing new: nothing is written.
  await world.clock.advanceBy(30 * MINUTE_MS);
  expect(await world.git.resolve(REPOSITORY, "main")).toBe(pushed);
  expect(world.errors()).toEqual([]);
  world.stop();
});
