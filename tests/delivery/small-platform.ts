// A platform of one app on one small cluster, delivered from git by whichever engine: what the tests of delivery and releases
// start from. Everything on the cluster is what the definition compiles to.

import type { Lock } from "../../src/model/index.ts";
import { SHIPPED_CATALOGUE, parseDefinition, updateLock } from "../../src/model/index.ts";
import { existing, registry, sealedSecrets } from "../../src/components/index.ts";
import { isDelivered } from "../../src/delivery/index.ts";
import { invariant } from "../../src/core/index.ts";
import type { Platform } from "../../src/components/testing/definitions.ts";
import { compileForUp, type CompiledBlueprint } from "../platform/compiled-blueprint.ts";
import { bootVirtually, deliverAll, type VirtualPlatform } from "../platform/virtual-platform.ts";

export const REPOSITORY = "https://git.example.com/cove";
export const WEB = {
  image: "ghcr.io/example/web:1.0.0",
  route: { host: "web", port: 8080 },
};

/** One cluster, one environment, one app; `over` replaces whole entries. */
export function small(over: Partial<Platform>): Platform {
  return {
    name: "cove",
    domain: "cove.example.com",
    sites: { shore: { kind: "digitalocean", region: "nyc3", network: "10.200.0.0/16" } },
    clusters: { home: existing({ site: "shore", zones: 1 }) },
    environments: { prod: { clusters: ["home"], scale: "single" } },
    secrets: { sealed: sealedSecrets() },
    apps: { web: WEB },
    ...over,
  };
}

export function lockOf(definition: Platform): Lock {
  const { value, diagnostics } = parseDefinition(definition, registry);
  invariant(value !== undefined, `the definition can be read: ${JSON.stringify(diagnostics)}`);
  const updated = updateLock(value, SHIPPED_CATALOGUE, undefined, { move: "all" });
  invariant(updated.value !== undefined, "its versions are known");
  return updated.value.lock;
}

export function compileSmall(
  definition: Platform,
  environments: readonly string[] = Object.keys(definition.environments),
): Promise<CompiledBlueprint> {
  return compileForUp(definition, lockOf(definition), environments);
}

/** Booted, delivered and well. */
export async function runSmall(
  definition: Platform,
  seed = "small",
  more: Parameters<typeof bootVirtually>[2] = {},
): Promise<SmallPlatform> {
  const compiled = await compileSmall(definition);
  const world = await bootVirtually(compiled, seed, more);
  const { outcome, applications } = await deliverAll(world, world.platform.expected, {
    timeoutMs: 300_000,
  });
  const late = applications.filter((one) => !isDelivered(one));
  invariant(outcome === "healthy", `not delivered: ${JSON.stringify(late)}`);
  return { ...world, compiled };
}

export interface SmallPlatform extends VirtualPlatform {
  readonly compiled: CompiledBlueprint;
}
