// Order across Applications: a cluster's root brings them in waves and waits, by the health that argocd-cm gives Applications.

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { HEALTH_SCRIPT, HEALTH_SETTING } from "../../src/components/delivery/argocd/gate.ts";
import { APPLICATION, createWorld, registration, URL, type World } from "./argocd-world.ts";

const ROOT = "clusters/dev/applications";

interface Part {
  readonly name: string;
  readonly wave: number;
  readonly awaited?: "begun" | "applied" | "well";
  readonly manifest: string;
}

const configMap = (name: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: shop }\n`;
/** Progressing until somebody gives it an address. */
const balancer = `apiVersion: v1\nkind: Service\nmetadata: { name: first, namespace: shop }\nspec: { type: LoadBalancer, selector: { app: first }, ports: [{ port: 80 }] }\n`;

function tree(parts: readonly Part[]): ReadonlyMap<string, string> {
  return new Map(
    parts.flatMap(({ name, wave, awaited, manifest }): [string, string][] => [
      [`${ROOT}/${name}.yaml`, application(name, `apps/${name}`, wave, awaited)],
      [`apps/${name}/object.yaml`, manifest],
    ]),
  );
}

function application(name: string, path: string, wave: number, awaited?: string): string {
  return JSON.stringify({
    ...APPLICATION,
    metadata: {
      name,
      namespace: "argocd",
      annotations: {
        "argocd.argoproj.io/sync-wave": String(wave),
        ...(awaited === undefined ? {} : { "keelson.dev/awaited": awaited }),
      },
    },
    spec: {
      project: "default",
      source: { repoURL: URL, targetRevision: "main", path },
      destination: { name: "dev", namespace: "shop" },
      syncPolicy: { automated: { prune: true, selfHeal: true }, retry: { limit: 3 } },
    },
  });
}

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await world.hub.api.create(registration("dev", "https://kubernetes.default.svc"));
});
afterEach(() => world.stop());

async function start(parts: readonly Part[], script: string | undefined): Promise<void> {
  world.git.push(URL, tree(parts));
  if (script !== undefined)
    await world.hub.api.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argocd-cm", namespace: "argocd" },
      data: { [HEALTH_SETTING]: script },
    });
  const { metadata, ...root } = JSON.parse(application("root", ROOT, 0)) as {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: object;
  };
  await world.hub.api.create({ ...root, metadata: { ...metadata, name: "root" } });
  await world.clock.advanceBy(30_000);
}

async function names(): Promise<string[]> {
  const { items } = await world.hub.api.list(APPLICATION, { namespace: "argocd" });
  return items.map(({ metadata }) => metadata.name);
}

async function rootStatus(): Promise<unknown> {
  return (await world.hub.api.get({ ...APPLICATION, name: "root", namespace: "argocd" })).status;
}

const giveAddress = (): Promise<unknown> =>
  world.hub.api.patch(
    { apiVersion: "v1", kind: "Service", name: "first", namespace: "shop" },
    { type: "merge", body: { status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } } },
    { subresource: "status" },
  );

const first = (awaited: Part["awaited"]): Part => ({
  name: "first",
  wave: 0,
  ...(awaited === undefined ? {} : { awaited }),
  manifest: balancer,
});
const later: Part = { name: "later", wave: 1, manifest: configMap("later") };

describe("waves of Applications", () => {
  it("hold the later one back until the first is well", async () => {
    await start([first("well"), later], HEALTH_SCRIPT);
    await world.clock.advanceBy(600_000);
    expect(await names()).toEqual(["first", "root"]);
    expect(await rootStatus()).toMatchObject({
      health: { status: "Progressing" },
      operationState: {
        phase: "Running",
        message: "waiting for healthy state of application.argoproj.io/first",
      },
    });
    await giveAddress();
    await world.clock.advanceBy(30_000);
    expect(await names()).toEqual(["first", "later", "root"]);
    expect(await rootStatus()).toMatchObject({
      health: { status: "Healthy" },
      operationState: { phase: "Succeeded" },
    });
  });

  it("wait for no more than that the first is applied, where that is all that is needed", async () => {
    await start([first("applied"), later], HEALTH_SCRIPT);
    expect(await names()).toEqual(["first", "later", "root"]);
  });

  it("let what waits for the later one's kinds follow behind it, where only its beginning is needed", async () => {
    const mixed = `${configMap("mixed")}---\napiVersion: example.com/v1\nkind: Later\nmetadata: { name: mixed, namespace: shop }\n`;
    await start(
      [{ name: "mixed", wave: 0, awaited: "begun", manifest: mixed }, later],
      HEALTH_SCRIPT,
    );
    expect(await names()).toEqual(["later", "mixed", "root"]);
  });

  it("go on, however often the first failed, with the commit that repairs it", async () => {
    const broken = { ...first("applied"), manifest: balancer.replace("first", "not_a_name") };
    await start([broken, later], HEALTH_SCRIPT);
    await world.clock.advanceBy(600_000);
    expect(await names()).toEqual(["first", "root"]);
    expect(await rootStatus()).toMatchObject({ health: { status: "Degraded" } });
    world.git.push(URL, tree([first("applied"), later]));
    await world.clock.advanceBy(300_000);
    expect(await names()).toEqual(["first", "later", "root"]);
  });

  it("take the documentation's script for what it does: health alone", async () => {
    const documented = "hs = {}\nhs.status = obj.status.health.status\nreturn hs\n";
    await start([first("applied"), later], documented);
    expect(await names()).toEqual(["first", "root"]);
  });

  it("hold nothing back without the setting, as Argo CD has no health of Applications", async () => {
    await start([first("well"), later], undefined);
    expect(await names()).toEqual(["first", "later", "root"]);
  });
});
