// Argo CD's behaviour on a real embedded API under the virtual clock: from ApplicationSets to healed drift.

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Cluster } from "../../src/cluster/index.ts";
import { valueAt } from "../../src/core/index.ts";
import { refOf, type KubernetesObject } from "../../src/kubernetes/index.ts";
import { APPLICATION, createWorld, registration, URL, type World } from "./argocd-world.ts";

const configMap = (value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: shop }\ndata: { value: "${value}" }\n`;
const kustomization = (...resources: string[]): string => `resources: [${resources.join(", ")}]\n`;

const tree = (
  value: string,
  targets: readonly string[],
  extra: Record<string, string> = {},
): ReadonlyMap<string, string> =>
  new Map(
    targets.flatMap((target): [string, string][] => {
      const folder = `apps/shop/overlays/${target}`;
      return [
        [
          `clusters/${target}/applications/shop.yaml`,
          `application: { name: shop, path: ${folder}, namespace: shop }\n`,
        ],
        [`${folder}/kustomization.yaml`, kustomization("settings.yaml", ...Object.keys(extra))],
        [`${folder}/settings.yaml`, configMap(`${value}-${target}`)],
        ...Object.entries(extra).map(([file, text]): [string, string] => [
          `${folder}/${file}`,
          text,
        ]),
      ];
    }),
  );

const applicationSet: KubernetesObject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "ApplicationSet",
  metadata: { name: "platform", namespace: "argocd" },
  spec: {
    goTemplate: true,
    goTemplateOptions: ["missingkey=error"],
    generators: [
      {
        matrix: {
          generators: [
            { clusters: { selector: { matchLabels: { platform: "harbour" } } } },
            {
              git: {
                repoURL: URL,
                revision: "main",
                files: [{ path: "clusters/{{.metadata.labels.target}}/applications/*.yaml" }],
              },
            },
          ],
        },
      },
    ],
    template: {
      metadata: { name: "{{.application.name}}-{{.nameNormalized}}" },
      spec: {
        project: "default",
        source: { repoURL: URL, targetRevision: "main", path: "{{.application.path}}" },
        destination: { server: "{{.server}}", namespace: "{{.application.namespace}}" },
        syncPolicy: { automated: { prune: true, selfHeal: true }, retry: { limit: 3 } },
      },
    },
  },
};

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.git.push(URL, tree("one", ["dev"]));
  await world.hub.api.create(registration("dev", "https://kubernetes.default.svc"));
  await world.hub.api.create(applicationSet);
});
afterEach(() => world.stop());

interface Seen {
  readonly sync: string | undefined;
  readonly health: string | undefined;
}

async function applications(): Promise<Record<string, Seen>> {
  const { items } = await world.hub.api.list(APPLICATION, { namespace: "argocd" });
  return Object.fromEntries(
    items.map((item) => {
      const status = item["status"] as
        | { sync?: { status?: string }; health?: { status?: string } }
        | undefined;
      return [item.metadata.name, { sync: status?.sync?.status, health: status?.health?.status }];
    }),
  );
}

async function settings(of: Cluster = world.hub): Promise<string | undefined> {
  const { items } = await of.api.list(
    { apiVersion: "v1", kind: "ConfigMap" },
    { namespace: "shop", fieldSelector: "metadata.name=settings" },
  );
  return (items[0]?.["data"] as { value?: string } | undefined)?.value;
}

const FINE: Seen = { sync: "Synced", health: "Healthy" };

describe("Argo CD's behaviour", () => {
  it("makes an Application for every list file of a registered cluster, and syncs it", async () => {
    await world.clock.advanceBy(5_000);
    expect(await applications()).toEqual({ "shop-dev": FINE });
    expect(await settings()).toBe("one-dev");
  });

  it("rolls a push out without waiting for the interval", async () => {
    await world.clock.advanceBy(5_000);
    world.git.push(URL, tree("two", ["dev"]));
    await world.clock.advanceBy(1_000);
    expect(await settings()).toBe("two-dev");
    expect(await applications()).toEqual({ "shop-dev": FINE });
  });

  it("heals what somebody changed by hand", async () => {
    await world.clock.advanceBy(10_000);
    const ref = { apiVersion: "v1", kind: "ConfigMap", name: "settings", namespace: "shop" };
    await world.hub.api.patch(
      ref,
      { type: "merge", body: { data: { value: "by hand" } } },
      { fieldManager: "kubectl-edit" },
    );
    expect(await settings()).toBe("by hand");
    await world.clock.advanceBy(6_000);
    expect(await settings()).toBe("one-dev");
    expect(await applications()).toEqual({ "shop-dev": FINE });
    const events = await world.hub.api.list(
      { apiVersion: "v1", kind: "Event" },
      { namespace: "argocd" },
    );
    const texts = events.items.map(
      (event) => `${String(event["reason"])}: ${String(event["message"])}`,
    );
    expect(texts).toContain("ResourceUpdated: Updated sync status: Synced -> OutOfSync");
  });

  it("leaves fields alone that git does not name", async () => {
    await world.clock.advanceBy(10_000);
    const ref = { apiVersion: "v1", kind: "ConfigMap", name: "settings", namespace: "shop" };
    await world.hub.api.patch(
      ref,
      { type: "merge", body: { data: { mine: "x" } } },
      { fieldManager: "kubectl-edit" },
    );
    await world.clock.advanceBy(10_000);
    const object = await world.hub.api.get(ref);
    expect(object["data"]).toEqual({ value: "one-dev", mine: "x" });
    expect(await applications()).toEqual({ "shop-dev": FINE });
  });

  it("prunes what left git", async () => {
    const extra = {
      "extra.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: extra, namespace: shop }\n",
    };
    world.git.push(URL, tree("one", ["dev"], extra));
    await world.clock.advanceBy(5_000);
    const names = async (): Promise<string[]> =>
      (
        await world.hub.api.list({ apiVersion: "v1", kind: "ConfigMap" }, { namespace: "shop" })
      ).items.map(({ metadata }) => metadata.name);
    expect(await names()).toContain("extra");
    world.git.push(URL, tree("one", ["dev"]));
    await world.clock.advanceBy(5_000);
    expect(await names()).not.toContain("extra");
  });

  it("says what it cannot build, and leaves what runs as it is", async () => {
    await world.clock.advanceBy(5_000);
    const broken = new Map(tree("two", ["dev"])).set(
      "apps/shop/overlays/dev/kustomization.yaml",
      "resources: [gone.yaml]\n",
    );
    world.git.push(URL, broken);
    await world.clock.advanceBy(5_000);
    const { status } = await world.hub.api.get({
      ...APPLICATION,
      name: "shop-dev",
      namespace: "argocd",
    });
    expect(status).toMatchObject({
      sync: { status: "Unknown" },
      conditions: [{ type: "ComparisonError" }],
    });
    expect(await settings()).toBe("one-dev");
  });

  it("delivers to every cluster registered under the label, and takes back what it delivered", async () => {
    world.git.push(URL, tree("one", ["dev", "prod"]));
    await world.hub.api.create(registration("prod", "https://other"));
    await world.clock.advanceBy(5_000);
    expect(await applications()).toEqual({ "shop-dev": FINE, "shop-prod": FINE });
    expect(await settings(world.other)).toBe("one-prod");
    await world.hub.api.delete({
      apiVersion: "v1",
      kind: "Secret",
      name: "cluster-prod",
      namespace: "argocd",
    });
    await world.clock.advanceBy(10_000);
    expect(await applications()).toEqual({ "shop-dev": FINE });
    expect(await settings(world.other)).toBeUndefined();
  });

  it("goes on with the cluster it reaches while another is cut off, and catches up", async () => {
    world.git.push(URL, tree("one", ["dev", "prod"]));
    await world.hub.api.create(registration("prod", "https://other"));
    await world.clock.advanceBy(10_000);
    expect(await settings(world.other)).toBe("one-prod");
    world.link.up = false;
    world.git.push(URL, tree("two", ["dev", "prod"]));
    await world.clock.advanceBy(300_000);
    expect(await settings()).toBe("two-dev");
    expect(await settings(world.other)).toBe("one-prod");
    const cut = await applications();
    expect(cut["shop-dev"]).toEqual(FINE);
    expect(cut["shop-prod"]).not.toEqual(FINE);
    world.link.up = true;
    await world.clock.advanceBy(300_000);
    expect(await settings(world.other)).toBe("two-prod");
    expect(await applications()).toEqual({ "shop-dev": FINE, "shop-prod": FINE });
    const { items } = await world.hub.api.list(APPLICATION, { namespace: "argocd" });
    const revisions = items.map((item) => valueAt(item, ["status", "sync", "revision"]));
    expect(new Set(revisions)).toEqual(new Set([await world.git.resolve(URL, "main")]));
  });

  it("writes nothing at the fixed point", async () => {
    await world.clock.advanceBy(20_000);
    const before = await world.hub.api.list(APPLICATION, { namespace: "argocd" });
    await world.clock.advanceBy(600_000);
    const after = await world.hub.api.list(APPLICATION, { namespace: "argocd" });
    expect(after.items.map(({ metadata }) => metadata.resourceVersion)).toEqual(
      before.items.map(({ metadata }) => metadata.resourceVersion),
    );
  });
});

describe("a project", () => {
  const project = {
    sourceRepos: [URL],
    destinations: [{ server: "*", namespace: "shop" }],
    clusterResourceWhitelist: [],
    namespaceResourceBlacklist: [{ group: "", kind: "ResourceQuota" }],
    orphanedResources: { warn: true },
  };
  const ref = { ...APPLICATION, name: "fenced", namespace: "argocd" };

  /** An Application in it that syncs `apps/shop/overlays/dev`, some seconds later. */
  async function fenced(spec: object, over: object = {}): Promise<Record<string, unknown>> {
    const metadata = { name: "fence", namespace: "argocd" };
    const { apiVersion } = APPLICATION;
    await world.hub.api.create({ apiVersion, kind: "AppProject", metadata, spec });
    await world.hub.api.create({
      ...APPLICATION,
      metadata: { name: "fenced", namespace: "argocd" },
      spec: {
        project: "fence",
        source: { repoURL: URL, targetRevision: "main", path: "apps/shop/overlays/dev" },
        destination: { server: "https://kubernetes.default.svc", namespace: "shop" },
        syncPolicy: { automated: { prune: true, selfHeal: true } },
        ...over,
      },
    });
    await world.clock.advanceBy(5_000);
    return status();
  }
  const status = async (): Promise<Record<string, unknown>> =>
    (await world.hub.api.get(ref)).status as Record<string, unknown>;
  beforeEach(async () => {
    await world.hub.api.delete({ ...refOf(applicationSet) });
  });

  it.each([
    {
      name: "another repository",
      spec: { ...project, sourceRepos: ["https://git.example.com/other"] },
      message: `application repo ${URL} is not permitted in project 'fence'`,
    },
    {
      name: "another namespace",
      spec: { ...project, destinations: [{ server: "*", namespace: "elsewhere" }] },
      message:
        "application destination server 'https://kubernetes.default.svc' and namespace 'shop' do not match any of the allowed destinations in project 'fence'",
    },
    {
      name: "a project that is not there",
      spec: project,
      over: { project: "gone" },
      message: "Application referencing project gone which does not exist",
    },
  ])("refuses $name, and nothing is written", async ({ spec, over, message }) => {
    const { conditions, sync } = await fenced(spec, over);
    expect(conditions).toMatchObject([{ type: "InvalidSpecError", message }]);
    expect(sync).toMatchObject({ status: "Unknown" });
    expect(await settings()).toBeUndefined();
  });

  it("refuses a kind, and nothing of the sync is written", async () => {
    const quota =
      "apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: more, namespace: shop }\nspec: { hard: { pods: 99 } }\n";
    world.git.push(URL, tree("one", ["dev"], { "quota.yaml": quota }));
    const { operationState } = await fenced(project);
    expect(operationState).toMatchObject({
      phase: "Failed",
      message: "one or more synchronization tasks are not valid",
      syncResult: {
        resources: [{ message: "resource :ResourceQuota is not permitted in project fence" }],
      },
    });
    expect(await settings()).toBeUndefined();
  });

  it("lets pass what it names, and warns of what nobody committed", async () => {
    expect((await fenced(project))["conditions"]).toBeUndefined();
    expect(await settings()).toBe("one-dev");
    const stray = { apiVersion: "v1", kind: "ConfigMap", name: "by-hand", namespace: "shop" };
    await world.hub.api.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "by-hand", namespace: "shop" },
    });
    await world.clock.advanceBy(1_000);
    const type = "OrphanedResourceWarning";
    const message = "Application has 1 orphaned resources";
    expect(await status()).toMatchObject({
      sync: { status: "Synced" },
      health: { status: "Healthy" },
      conditions: [{ type, message }],
    });
    await world.hub.api.delete(stray);
    await world.clock.advanceBy(1_000);
    expect((await status())["conditions"]).toBeUndefined();
  });
});
