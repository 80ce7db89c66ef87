// Transcribes facts about kinds from published data into the compact tables that are committed with the sources.
// `npm run facts` with the data folder in KEELSON_TEST_DATA (default ../shared/data); writes the same bytes every time.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CompactKind } from "../src/kubernetes/schemas/compact.ts";
import { builtinTable } from "./facts/builtin-table.ts";
import { customTable } from "./facts/custom-table.ts";
import { messageTable } from "./facts/message-table.ts";
import { policyTable } from "./facts/rbac-policy.ts";
import { factsModuleText, messageModuleText, policyModuleText } from "./facts/write-facts.ts";

const BUILTIN = {
  path: "src/kubernetes/schemas/builtin.facts.ts",
  name: "builtinFacts",
  source: "kubernetes v1.36.2",
  // The day of the newest entry of the data folder; its built-in part names a release and no day.
  date: "2026-08-22",
};

const MESSAGES = {
  path: "src/cluster/serve/protobuf/message-types.facts.ts",
  name: "MESSAGE_TYPE_FACTS",
};

const POLICY = "src/cluster/authorization/bootstrap-policy.facts.ts";

interface CustomFacts {
  readonly project: string;
  readonly component: string;
  readonly name: string;
  readonly source: string;
  readonly date: string;
  /** An API group whose definitions are left out. */
  readonly except?: string;
  /** Names of the only definitions that are wanted, where a project publishes many large ones. */
  readonly only?: readonly string[];
}

/** Which project's definitions stand in which component: one line each. */
const CUSTOM: readonly CustomFacts[] = [
  {
    project: "argo-cd",
    component: "delivery/argocd",
    name: "argocdCrdFacts",
    source: "argoproj/argo-cd v3.5.1",
    date: "2026-08-12",
  },
  {
    project: "argo-rollouts",
    component: "rollouts/argo-rollouts",
    name: "argoRolloutsCrdFacts",
    source: "argoproj/argo-rollouts v1.9.1",
    date: "2026-07-06",
  },
  {
    project: "envoy-gateway",
    component: "ingress/envoy-gateway",
    name: "envoyGatewayCrdFacts",
    source: "envoyproxy/gateway v1.9.0",
    date: "2026-08-15",
  },
  {
    project: "flux",
    component: "delivery/flux",
    name: "fluxCrdFacts",
    source: "fluxcd/flux2 v2.9.4",
    date: "2026-08-07",
  },
  {
    project: "nginx-gateway-fabric",
    component: "ingress/nginx-gateway-fabric",
    name: "nginxGatewayFabricCrdFacts",
    source: "nginx/nginx-gateway-fabric v2.6.7",
    date: "2026-07-15",
  },
  {
    project: "gateway-api",
    component: "ingress/gateway-api",
    name: "gatewayApiCrdFacts",
    source: "kubernetes-sigs/gateway-api v1.6.1",
    date: "2026-07-16",
  },
  {
    project: "istio",
    component: "mesh/istio",
    name: "istioCrdFacts",
    source: "istio/istio 1.30.3",
    date: "2026-07-13",
  },
  {
    project: "metallb",
    component: "load-balancer/metallb",
    name: "metallbCrdFacts",
    source: "metallb/metallb v0.16.1",
    date: "2026-05-27",
  },
  {
    project: "prometheus-operator",
    component: "metrics/prometheus-operator",
    name: "prometheusOperatorCrdFacts",
    source: "prometheus-operator/prometheus-operator v0.93.0",
    date: "2026-07-28",
  },
  {
    project: "keda",
    component: "event-scaling/keda",
    name: "kedaCrdFacts",
    source: "kedacore/keda v2.20.2",
    date: "2026-07-31",
  },
  {
    project: "karpenter",
    component: "node-scaling/karpenter",
    name: "karpenterCrdFacts",
    source: "aws/karpenter-provider-aws v1.14.1",
    date: "2026-08-20",
  },
  {
    project: "velero",
    component: "backup/velero",
    name: "veleroCrdFacts",
    source: "velero-io/velero v1.18.2",
    date: "2026-06-24",
  },
  {
    project: "sealed-secrets",
    component: "secrets/sealed-secrets",
    name: "sealedSecretsCrdFacts",
    source: "bitnami-labs/sealed-secrets v0.36.4",
    date: "2026-04-09",
  },
  {
    project: "gatekeeper",
    component: "policy/gatekeeper",
    name: "gatekeeperCrdFacts",
    source: "open-policy-agent/gatekeeper v3.23.0",
    date: "2026-07-09",
  },
  {
    project: "cert-manager",
    component: "certificates/cert-manager",
    name: "certManagerCrdFacts",
    source: "cert-manager/cert-manager v1.21.1",
    date: "2026-07-29",
  },
  {
    project: "external-secrets",
    component: "secrets/external-secrets",
    name: "externalSecretsCrdFacts",
    source: "external-secrets/external-secrets v2.9.0",
    date: "2026-08-07",
  },
  {
    project: "cloudnative-pg",
    component: "database/cloudnative-pg",
    name: "cloudnativePgCrdFacts",
    source: "cloudnative-pg/cloudnative-pg v1.30.0",
    date: "2026-06-29",
  },
  {
    project: "redis-operator",
    component: "cache/redis-operator",
    name: "redisOperatorCrdFacts",
    source: "OT-CONTAINER-KIT/redis-operator 0.26.0",
    date: "2026-08-22",
    only: ["redisreplications.redis.redis.opstreelabs.in"],
  },
  {
    project: "strimzi",
    component: "stream/strimzi",
    name: "strimziCrdFacts",
    source: "strimzi/strimzi-kafka-operator 1.2.0",
    date: "2026-08-18",
  },
  {
    project: "mongodb",
    component: "database/mongodb-community",
    name: "mongodbCommunityCrdFacts",
    source: "mongodb/mongodb-kubernetes 67a92993f",
    date: "2026-08-22",
  },
  {
    project: "calico",
    component: "cni/calico",
    name: "calicoCrdFacts",
    source: "projectcalico/calico v3.32.1",
    date: "2026-06-24",
    only: ["globalnetworkpolicies.projectcalico.org"],
  },
  {
    // Of the Go module github.com/cilium/cilium: pkg/k8s/apis/cilium.io/client/crds/v2.
    project: "cilium",
    component: "cni/cilium",
    name: "ciliumCrdFacts",
    source: "cilium/cilium v1.20.1",
    date: "2026-08-18",
    only: ["ciliumnetworkpolicies.cilium.io"],
  },
  {
    project: "trust-manager",
    component: "certificates/trust-manager",
    name: "trustManagerCrdFacts",
    source: "cert-manager/trust-manager v0.24.0",
    date: "2026-06-27",
  },
  {
    project: "linkerd",
    component: "mesh/linkerd",
    name: "linkerdCrdFacts",
    source: "linkerd/linkerd2 edge-26.8.3",
    date: "2026-08-21",
    // The Gateway API has one owner, and it is not this chart.
    except: "gateway.networking.k8s.io",
  },
];

/** One module as it should be committed; `path` is relative to the repository. */
export interface GeneratedFacts {
  readonly path: string;
  readonly text: string;
}

/** Every module this script writes, from the data folder. */
export function generateFacts(data: string): GeneratedFacts[] {
  const { path, ...builtin } = BUILTIN;
  const table = builtinTable(join(data, "kubernetes"));
  const there = CUSTOM.filter(({ project }) => existsSync(join(data, "crds", project)));
  const modules = there.map(({ project, component, except, only, ...facts }: CustomFacts) => ({
    path: `src/components/${component}/crds.facts.ts`,
    text: factsModuleText({
      ...facts,
      typesFrom: "../../../kubernetes/index.ts",
      table: customTable(join(data, "crds", project), { except, only }),
    }),
  }));
  return [
    { path, text: factsModuleText({ ...builtin, typesFrom: "./compact.ts", table }) },
    { path: MESSAGES.path, text: messagesText(data, table.kinds ?? []) },
    { path: POLICY, text: policyText(data) },
    ...modules,
  ];
}

/** Only the kinds that are served, and the bodies they take. */
function messagesText(data: string, kinds: readonly CompactKind[]): string {
  const { source, date } = BUILTIN;
  const table = messageTable(join(data, "kubernetes"), kinds);
  return messageModuleText({ name: MESSAGES.name, source, date, table });
}

function policyText(data: string): string {
  const { source, date } = BUILTIN;
  const table = policyTable(join(data, "kubernetes/rbac-bootstrap"));
  return policyModuleText({ source, date, table });
}

function main(): void {
  const root = join(import.meta.dirname, "..");
  const data = process.env["KEELSON_TEST_DATA"] ?? join(root, "../shared/data");
  for (const { path, text } of generateFacts(data)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`${path} ${Buffer.byteLength(text)} bytes`);
  }
}

if (process.argv[1] === import.meta.filename) main();
