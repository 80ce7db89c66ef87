import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { printSkip } from "../../../../tests/skip.ts";
import { isRecord, sortKeys } from "../../../core/index.ts";
import { startServedCluster } from "../testing/served-cluster.ts";
import type { ServedCluster } from "../testing/served-cluster.ts";
import { AGGREGATED_TYPE } from "./aggregated.ts";
import { compareVersions } from "./version-priority.ts";

const DATA =
  process.env["KEELSON_TEST_DATA"] ?? join(import.meta.dirname, "../../../../../shared/data");
const GOLDEN = join(DATA, "kubernetes/discovery");
const hasGolden = existsSync(GOLDEN);
if (!hasGolden) printSkip("discovery against the published documents", `${GOLDEN} is absent`);

const CRD = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gadgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "gadgets", singular: "gadget", kind: "Gadget", shortNames: ["gd"] },
    versions: ["v1beta1", "v1"].map((name) => ({
      name,
      served: true,
      storage: name === "v1",
      subresources: { status: {} },
      schema: { openAPIV3Schema: { type: "object" } },
    })),
  },
};

let cluster: ServedCluster;
beforeAll(async () => {
  cluster = await startServedCluster();
});
afterAll(() => cluster.served.close());

async function read(path: string, accept?: string): Promise<unknown> {
  return JSON.parse((await cluster.get(path, accept)).text);
}

function golden(name: string): unknown {
  return JSON.parse(readFileSync(join(GOLDEN, `${name}.json`), "utf8"));
}

/** Versions this server has; a release candidate's alpha and beta versions are off by default. */
function stable(groups: unknown): unknown {
  if (!Array.isArray(groups)) return groups;
  return groups
    .map((group) => ({
      ...group,
      versions: group.versions.filter(({ version }: { version: string }) => /^v\d+$/.test(version)),
    }))
    .filter(({ versions }) => versions.length > 0);
}

/** Hashes of stored versions say nothing about what is served. */
function withoutHashes(list: unknown): unknown {
  if (!isRecord(list) || !Array.isArray(list["resources"])) return list;
  return {
    ...list,
    resources: list["resources"].map(({ storageVersionHash: _hash, ...resource }) => resource),
  };
}

describe.skipIf(!hasGolden)("discovery against the published documents", () => {
  it("aggregates the same groups, versions and resources in the same order", async () => {
    const served = (await read("/apis", AGGREGATED_TYPE)) as { readonly items: unknown };
    const published = golden("aggregated_v2") as { readonly items: unknown };
    expect(sortKeys(served.items)).toEqual(sortKeys(stable(published.items)));
  });

  it("lists the same groups", async () => {
    const served = (await read("/apis")) as { readonly groups: unknown };
    const published = golden("apis") as { readonly groups: unknown };
    expect(sortKeys(served.groups)).toEqual(sortKeys(stable(published.groups)));
  });

  it.each([
    ["/api/v1", "api__v1"],
    ["/apis/apps/v1", "apis__apps__v1"],
    ["/apis/autoscaling/v2", "apis__autoscaling__v2"],
    ["/apis/apps", "apis__apps"],
    ["/apis/policy/v1", "apis__policy__v1"],
  ])("answers %s as published", async (path, name) => {
    const served = withoutHashes(await read(path));
    expect(sortKeys(served)).toEqual(sortKeys(withoutHashes(golden(name))));
  });

  it("computes the published hashes of stored versions", async () => {
    const hashes = (list: unknown): unknown =>
      (list as { readonly resources: readonly Record<string, unknown>[] }).resources.map(
        ({ name, storageVersionHash }) => `${String(name)} ${String(storageVersionHash)}`,
      );
    expect(hashes(await read("/apis/apps/v1"))).toEqual(hashes(golden("apis__apps__v1")));
  });
});

describe("discovery", () => {
  it("falls back for clients that take an old aggregated version only", async () => {
    const old =
      "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
    expect(await read("/api", old)).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
  });

  it("answers 304 until a definition changes what is served", async () => {
    const first = await cluster.get("/apis", AGGREGATED_TYPE);
    expect(first.headers["content-type"]).toBe(AGGREGATED_TYPE);
    expect(first.headers["vary"]).toBe("Accept");
    const tag = String(first.headers["etag"]);
    const again = { accept: AGGREGATED_TYPE, "if-none-match": tag };
    expect((await cluster.send("GET", "/apis", undefined, again)).status).toBe(304);
    await cluster.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", CRD);
    const changed = await cluster.send("GET", "/apis", undefined, again);
    expect(changed.status).toBe(200);
    expect(JSON.parse(changed.text).items.at(-1)).toEqual({
      metadata: { name: "example.com" },
      versions: ["v1", "v1beta1"].map((version) => ({
        version,
        freshness: "Current",
        resources: [
          {
            resource: "gadgets",
            responseKind: { group: "example.com", version, kind: "Gadget" },
            scope: "Namespaced",
            singularResource: "gadget",
            verbs: expect.arrayContaining(["get", "list", "watch"]),
            shortNames: ["gd"],
            subresources: [
              {
                subresource: "status",
                responseKind: { group: "example.com", version, kind: "Gadget" },
                verbs: ["get", "patch", "update"],
              },
            ],
          },
        ],
      })),
    });
    await cluster.send(
      "DELETE",
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.example.com",
    );
    expect((await cluster.get("/apis/example.com")).status).toBe(404);
  });
});

describe("compareVersions", () => {
  it("orders as Kubernetes does", () => {
    const versions = ["v1alpha1", "foo1", "v1", "v11beta2", "v2", "v10", "v12alpha1", "v3beta1"];
    const ordered = ["v10", "v2", "v1", "v11beta2", "v3beta1", "v12alpha1", "v1alpha1", "foo1"];
    expect(versions.toSorted(compareVersions)).toEqual(ordered);
  });
});
