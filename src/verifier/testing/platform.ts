// A compiled cluster made by hand, for tests of single rules.

import type { Path } from "../../core/index.ts";
import { builtinKinds } from "../../kubernetes/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import type {
  Compiled,
  CompiledObject,
  CompiledTarget,
  DeliveryEngine,
  Flow,
  PlannedCluster,
  Workload,
} from "../../model/index.ts";
import type { TargetView } from "../target-view.ts";
import { viewTarget } from "../target-view.ts";

export interface Setup {
  readonly objects?: readonly KubernetesObject[];
  readonly standIns?: readonly KubernetesObject[];
  readonly cluster?: Partial<PlannedCluster>;
  readonly workloads?: readonly Workload[];
  readonly flows?: readonly Flow[];
  readonly tree?: Readonly<Record<string, string>>;
  /** What an engine reads for an object of its own. */
  readonly sourcesOf?: DeliveryEngine["sourcesOf"];
}

export const namespace = (name: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});

export const SUBSTRATE: PlannedCluster["substrate"] = {
  kind: "k3d",
  displayName: "k3d",
  loadBalancer: false,
  enforcesNetworkPolicy: true,
  nodeAutoscaler: false,
  metricsApi: true,
  zones: 1,
  defaultStorageClass: "local-path",
  defaultPodRange: "10.42.0.0/16",
  defaultServiceRange: "10.43.0.0/16",
  apiServerPort: 6443,
  ownsApiServer: true,
  takesIssuer: false,
  podNetwork: "choosable",
  dnsLabels: { "k8s-app": "kube-dns" },
  source: "test",
  date: "2026-01-01",
};

/** What writes the policies of most platforms. */
export const ISOLATION: PlannedCluster["slots"][number] = {
  slot: "isolation",
  component: "policies",
  options: {},
  path: ["isolation"],
  provides: ["isolation"],
  needs: [],
};

const CLUSTER: Partial<PlannedCluster> = {
  target: "dev",
  name: "local",
  environment: "dev",
  platform: "harbour",
  layout: {},
  scale: "single",
  nodes: [{ name: "agents", role: "worker", count: 2, cpu: "4", memory: "8Gi", zones: ["a"] }],
  roles: [],
  offers: [],
  certificates: [],
  authorities: [],
  alerts: [],
  exposures: [],
  backups: [],
  peerCertificates: [],
  tls: { hops: "listed", except: [] },
  slots: [ISOLATION],
  providers: [],
  apps: [],
  secrets: [],
  namespaces: ["shop", "data"].map((name) => ({
    name,
    tenancy: "app",
    podSecurity: "restricted",
    origin: ["apps"],
  })),
  network: { podRange: "10.42.0.0/16", serviceRange: "10.43.0.0/16", nodeRange: "172.18.0.0/16" },
  site: { name: "laptop", kind: "developer-machine", origin: ["sites", "laptop"] },
  substrate: SUBSTRATE,
};

export function targetOf(setup: Setup): CompiledTarget {
  const { workloads = [], flows = [], objects = [], standIns = [] } = setup;
  const own = ["shop", "data"].map(namespace);
  return {
    plan: {
      links: [],
      roadmap: [],
      originOf: (path: Path) => path,
    } as unknown as CompiledTarget["plan"],
    // Only what the rules read of a cluster.
    cluster: {
      ...CLUSTER,
      standIns: standIns.map((object) => ({ component: "chart", object })),
      ...setup.cluster,
    } as PlannedCluster,
    graph: {
      workloads,
      flows,
      workload: (space, name) =>
        workloads.find((found) => found.namespace === space && found.name === name),
      into: () => [],
      outOf: () => [],
    },
    objects: [...own, ...objects].map(compiledObject),
    charts: [],
    files: [],
    // Only what the rules read of an engine.
    ...(setup.sourcesOf && { engine: { sourcesOf: setup.sourcesOf } as DeliveryEngine }),
  };
}

function compiledObject(object: KubernetesObject): CompiledObject {
  const path = ["apps", object.metadata.name];
  return { object, area: "apps/shop", origin: { component: "test", path }, wave: 0 };
}

export function compiledOf(setup: Setup): Compiled {
  const tree = new Map(Object.entries(setup.tree ?? {}));
  return { platform: "harbour", packaging: "kustomize", targets: [targetOf(setup)], tree };
}

export function viewOf(setup: Setup): TargetView {
  const compiled = compiledOf(setup);
  const [target = targetOf(setup)] = compiled.targets;
  return viewTarget(target, { compiled, kinds: builtinKinds() });
}
