// A real git repository and the real clock: a person's commits roll out, and survive when the definition is compiled again.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { BRISK_DELAYS } from "../../src/cluster/index.ts";
import { registry } from "../../src/components/index.ts";
import { createRealClock, createRng } from "../../src/core/index.ts";
import { git } from "../../src/delivery/git/git-process.ts";
import {
  createMirroredSource,
  openPlatformRepository,
  type PlatformRepository,
} from "../../src/delivery/index.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import { bootPlatform, type RunningPlatform } from "../../src/runtime/index.ts";
import {
  applicationNames,
  compileLocalFirst,
  REPOSITORY,
  START,
  type CompiledBlueprint,
} from "./compiled-blueprint.ts";

const DEPLOYMENT_FILE = "apps/storefront/base/deployment.yaml";

let directory: string;
let blueprint: CompiledBlueprint;
let repository: PlatformRepository;
let platform: RunningPlatform;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "keelson-platform-"));
  blueprint = await compileLocalFirst(["dev"]);
  repository = await openPlatformRepository(directory);
  await repository.record(blueprint.compiled.tree, { message: "Generate", at: START });
  const { targets, sealingKeys } = blueprint;
  platform = await bootPlatform({
    targets,
    registry,
    clock: createRealClock(),
    rng: createRng("git"),
    git: createMirroredSource(new Map([[REPOSITORY, directory]])),
    sealingKeys,
    stageDelays: BRISK_DELAYS,
  });
  const expected = applicationNames(blueprint.compiled, "dev").length + 1;
  const { outcome } = await platform.deliver({ expected, timeoutMs: 50_000 });
  expect(outcome).toBe("healthy");
});
afterAll(async () => {
  await platform.stop();
  await rm(directory, { recursive: true });
});

describe("the platform's repository, followed by the engine", () => {
  it("rolls out what a person commits", async () => {
    await commitByHand("    periodSeconds: 15\n", "    periodSeconds: 17\n");
    const live = await deploymentWith(({ livenessProbe }) => livenessProbe.periodSeconds === 17);
    expect(live.readinessProbe.periodSeconds).toBe(5);
  });

  it("merges what a changed definition generates, beside the person's commit", async () => {
    const { tree } = blueprint.recompile(withImage("ghcr.io/comind-ops/shop"));
    const recorded = await repository.record(tree, { message: "Regenerate", at: START });
    expect(recorded.outcome).toBe("merged");
    const live = await deploymentWith(({ image }) => image === "ghcr.io/comind-ops/shop:0.1.0");
    expect(live.livenessProbe.periodSeconds).toBe(17);
  });

  it("keeps main as it is when both changed the same line, and says where", async () => {
    await commitByHand("image: ghcr.io/comind-ops/shop:0.1.0", "image: example.com/mine:1");
    await deploymentWith(({ image }) => image === "example.com/mine:1");
    const main = await head("main");
    const { tree } = blueprint.recompile(withImage("ghcr.io/comind-ops/boutique"));
    const recorded = await repository.record(tree, { message: "Regenerate", at: START });
    expect(recorded).toEqual({ outcome: "conflict", files: [DEPLOYMENT_FILE], commit: main });
    expect(await head("main")).toBe(main);
    expect((await git(["status", "--porcelain"], { directory })).stdout).toBe("");
    const generated = await git(["show", `keelson/generated:${DEPLOYMENT_FILE}`], { directory });
    expect(generated.stdout).toContain("image: ghcr.io/comind-ops/boutique:0.1.0");
  });
});

async function head(branch: string): Promise<string> {
  return (await git(["rev-parse", branch], { directory })).stdout.trim();
}

/** As a person would: edits the working tree and commits. */
async function commitByHand(before: string, after: string): Promise<void> {
  const file = join(directory, DEPLOYMENT_FILE);
  const text = await readFile(file, "utf8");
  expect(text).toContain(before);
  await writeFile(file, text.replace(before, after));
  await git(["commit", "--quiet", "--all", "--message", "By hand"], { directory });
}

function withImage(image: string): (definition: unknown) => unknown {
  // The blueprint's definition is plain data with this app in it.
  return (definition) => {
    const changed = definition as { apps: { storefront: { image: string } } };
    changed.apps.storefront.image = image;
    return changed;
  };
}

interface Container {
  readonly image: string;
  readonly livenessProbe: { readonly periodSeconds: number };
  readonly readinessProbe: { readonly periodSeconds: number };
}

/** The storefront's container, once it is as wanted; the test's timeout ends a wait for nothing. */
function deploymentWith(isWanted: (container: Container) => boolean): Promise<Container> {
  return new Promise((resolve) => {
    const watch = platform.hub.cluster.api.watch(
      { apiVersion: "apps/v1", kind: "Deployment" },
      {
        namespace: "storefront",
        allowBookmarks: true,
        sendInitialEvents: true,
        resourceVersionMatch: "NotOlderThan",
      },
      (event) => {
        if (event.type !== "ADDED" && event.type !== "MODIFIED") return;
        const container = containerOf(event.object);
        if (!isWanted(container)) return;
        watch.stop();
        resolve(container);
      },
    );
  });
}

function containerOf({ spec }: KubernetesObject): Container {
  const { template } = spec as { template: { spec: { containers: [Container] } } };
  return template.spec.containers[0];
}
