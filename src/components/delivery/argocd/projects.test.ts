// Projects over two clusters: what each may take from where, and that Argo CD may reach the second one's API server.

import { describe, expect, it } from "vitest";

import { createKindRegistry, validateObject } from "../../../kubernetes/index.ts";
import type { DeliveredFolder, DeliveredParts, PlannedCluster } from "../../../model/index.ts";
import { plannedCluster } from "../../testing/planned.ts";
import { argocdCrdFacts } from "./crds.facts.ts";
import { argocdFlows } from "./flows.ts";
import type { ArgocdOptions } from "./options.ts";
import { policyCsv } from "./policy.ts";
import { appProjects, platformProject, projectOf } from "./projects.ts";

const options: ArgocdOptions = {
  repository: "https://git.example.com/harbour",
  revision: "main",
  sync: "automatic",
  role: "deploy",
};

const folder = (name: string, wave: 0 | 1 | 2, namespaces = [name]): DeliveredFolder => ({
  name,
  path: name,
  namespace: namespaces[0] ?? name,
  namespaces,
  wave,
  needs: { folders: [], charts: [] },
});

const partsOf = (
  cluster: Partial<PlannedCluster>,
  folders: readonly DeliveredFolder[],
  repositories: readonly string[],
): DeliveredParts => ({
  cluster: plannedCluster({
    namespaces: folders.map(({ name }) => ({
      name,
      tenancy: "app",
      podSecurity: "restricted",
      origin: [],
    })),
    ...cluster,
  }),
  folders,
  charts: repositories.map((repository) => ({
    chart: {
      name: "chart",
      namespace: "charts",
      area: "infrastructure/charts",
      repository,
      chart: "chart",
      version: "1.0.0",
      values: {},
      path: [],
      origin: { component: "chart", path: [] },
    },
    needs: { folders: [], charts: [] },
  })),
});

const developers = {
  name: "developers",
  level: "developer",
  groups: ["harbour:developers"],
  origin: [],
} as const;
const first = partsOf(
  { roles: [developers] },
  [folder("security", 0), folder("storefront", 2, ["storefront", "tools"])],
  ["https://charts.example.com"],
);
const parts = [
  first,
  partsOf({ primary: false }, [folder("ledger", 2)], ["oci://registry.example.com/charts"]),
];

describe("projects", () => {
  const platform = platformProject(parts, options);
  const apps = appProjects(parts, options);

  it("are valid for their kind", () => {
    const kind = createKindRegistry(argocdCrdFacts).find("argoproj.io/v1alpha1", "AppProject");
    const problems = [platform, ...apps].flatMap((one) => kind && validateObject(one, kind));
    expect(problems).toEqual([]);
  });

  it("let the platform come from its repository and from the charts of every cluster", () => {
    expect(platform).toMatchObject({
      spec: {
        sourceRepos: [
          "https://charts.example.com",
          "https://git.example.com/harbour",
          "registry.example.com/charts",
        ],
      },
    });
  });

  it("fence in the apps of every cluster, by namespace", () => {
    expect(apps).toMatchObject([
      {
        metadata: { name: "harbour-dev-ledger" },
        spec: { destinations: [{ server: "*", namespace: "ledger" }] },
      },
      {
        metadata: { name: "harbour-dev-storefront" },
        spec: {
          sourceRepos: [options.repository],
          destinations: [
            { server: "*", namespace: "storefront" },
            { server: "*", namespace: "tools" },
          ],
          clusterResourceWhitelist: [],
          namespaceResourceBlacklist: [
            { group: "", kind: "LimitRange" },
            { group: "", kind: "ResourceQuota" },
            { group: "networking.k8s.io", kind: "NetworkPolicy" },
            { group: "rbac.authorization.k8s.io", kind: "Role" },
            { group: "rbac.authorization.k8s.io", kind: "RoleBinding" },
          ],
          roles: [{ name: "developers", groups: ["harbour:developers"] }],
        },
      },
    ]);
    const [, { spec } = {}] = apps as readonly { readonly spec?: unknown }[];
    const rights = JSON.stringify(spec);
    expect(rights).toContain(
      "p, proj:harbour-dev-storefront:developers, applications, sync, harbour-dev-storefront/*, allow",
    );
    expect(rights).not.toMatch(/, (create|delete|update|override|\*), /);
  });

  it("know whom they let in of those limited to namespaces", () => {
    const guest = { name: "guests", level: "viewer", groups: ["g"], origin: [] } as const;
    const roles = [{ ...guest, namespaces: ["ledger"] }];
    const limited = parts.map((one) => ({ ...one, cluster: { ...one.cluster, roles } }));
    const [ledger, storefront] = appProjects(limited, options).map(({ spec }) =>
      JSON.stringify(spec),
    );
    expect(ledger).toContain(
      "p, proj:harbour-dev-ledger:guests, logs, get, harbour-dev-ledger/*, allow",
    );
    expect(ledger).not.toContain("sync");
    expect(storefront).not.toContain("guests");
    expect(policyCsv(roles)).toBe("");
  });

  it("are what the lists name", () => {
    const { cluster, folders } = first;
    expect(folders.map((one) => projectOf(cluster, one))).toEqual([
      "harbour-dev",
      "harbour-dev-storefront",
    ]);
  });
});

describe("flows to further clusters", () => {
  const peer = { name: "office", target: "prod-office", apiServerPort: 6443, origin: [] } as const;
  it.each([
    { name: "on their machines", ranges: ["192.168.40.0/24"] },
    { name: "at a provider's address", ranges: [] },
  ])("$name", ({ ranges }) => {
    const flows = argocdFlows(options, [{ ...peer, apiServerRanges: ranges }], ["delivery"]);
    const found = flows.filter(({ name }) => name.endsWith("-to-office"));
    expect(found.map(({ from, to, port }) => ({ from, to, port }))).toEqual(
      ["application-controller", "server"].map((name) => ({
        from: { kind: "workload", namespace: "argocd", name: `argocd-${name}` },
        to: { kind: "external", name: "API server of office", addresses: ranges },
        port: 6443,
      })),
    );
  });
});
