// Fluent Bit on every node, from its chart. Names and keys as in fluent/helm-charts charts/fluent-bit 0.58.1. It reads the
// node's files as root, so it has a namespace of its own.

import { defineDiagnostic, type Path } from "../../../core/index.ts";
import { defineSlotFiller } from "../../../model/index.ts";
import type {
  EmitContext,
  Emission,
  Offer,
  PlannedCluster,
  ResolveContext,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { chartRelease, flowToOffer, systemWorkload } from "../../manifests/index.ts";
import { MONITORING_AREA } from "../../monitoring/namespace.ts";
import { fluentBitSchema, type FluentBitOptions } from "./options.ts";

const CHART = "fluent-bit";
const NAMESPACE = "fluent-bit";
const PORT = 2020;
const RESOURCES = {
  requests: { cpu: "25m", memory: "64Mi" },
  limits: { cpu: "250m", memory: "256Mi" },
} as const;

const nowhereToShip = defineDiagnostic<{ cluster: string }>({
  code: "logs/nowhere-to-ship",
  severity: "error",
  message: ({ cluster }) => `fluent-bit would read the logs of ${cluster} and nothing keeps them`,
  hint: () => `add logs: loki({ to: "<bucket>" })`,
});

const sinkElsewhere = defineDiagnostic<{ cluster: string; keeper: string }>({
  code: "logs/sink-elsewhere",
  severity: "warning",
  message: ({ cluster, keeper }) =>
    `${keeper} runs on the primary cluster alone, so fluent-bit is not installed on ${cluster} and its logs are not kept`,
  hint: ({ cluster }) =>
    `give ${cluster} an environment of its own, or write logShipping: null in its override`,
});

export const fluentBitFiller = defineSlotFiller<FluentBitOptions>({
  name: CHART,
  slot: "logShipping",
  area: MONITORING_AREA,
  provides: ["logShipping"],
  options: fluentBitSchema,
  resolve: checkSink,
  surface: fluentBitSurface,
  emit: emitFluentBit,
});

function checkSink(
  { cluster, path, report }: ResolveContext,
  options: FluentBitOptions,
): FluentBitOptions {
  const { name, primary, slots } = cluster;
  const keeper = slots.find(({ slot }) => slot === "logs")?.component;
  if (keeper === undefined) report(nowhereToShip(path, { cluster: name }));
  // A store of an environment stands on its primary, and nothing reaches it from another cluster.
  else if (!primary) report(sinkElsewhere(path, { cluster: name, keeper }));
  return options;
}

function sinkOf({ offers }: Pick<PlannedCluster, "offers">): Offer | undefined {
  return offers.find(({ capability, form }) => capability === "logSink" && form === "loki");
}

function fluentBitSurface({ cluster, path }: SurfaceContext): Surface {
  const sink = sinkOf(cluster);
  if (sink === undefined) return {};
  const workload = fluentBitWorkload(cluster, path);
  return {
    workloads: [workload],
    namespaces: [
      {
        name: NAMESPACE,
        tenancy: "platform",
        podSecurity: "privileged",
        podSecurityReason: "it reads every container's log from the node's file system, as root",
        origin: path,
      },
    ],
    flows: [flowToOffer(workload, sink, path)],
  };
}

function fluentBitWorkload(
  { nodes, versions }: Pick<PlannedCluster, "nodes" | "versions">,
  origin: Path,
): Workload {
  return systemWorkload({
    kind: "DaemonSet",
    name: CHART,
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": CHART, "app.kubernetes.io/instance": CHART },
    replicas: nodes.reduce((sum, { count }) => sum + count, 0),
    ports: { http: PORT },
    services: [
      { name: CHART, type: "ClusterIP", ports: [{ name: "http", port: PORT, targetPort: PORT }] },
    ],
    containers: [
      {
        name: CHART,
        image: `cr.fluentbit.io/fluent/fluent-bit:${versions.chart(CHART).appVersion}`,
        ...RESOURCES,
      },
    ],
    usesApi: true,
    metrics: { port: PORT, path: "/api/v2/metrics/prometheus" },
    component: CHART,
    origin,
  });
}

function emitFluentBit(context: EmitContext): Emission {
  const sink = sinkOf(context.cluster);
  if (sink === undefined) return {};
  const values = {
    resources: RESOURCES,
    testFramework: { enabled: false },
    config: { outputs: lokiOutput(context.cluster, sink) },
  };
  return {
    charts: [
      chartRelease(context, {
        chart: CHART,
        name: CHART,
        namespace: NAMESPACE,
        area: MONITORING_AREA,
        values,
      }),
    ],
  };
}

/** Labels stay few: each combination is a stream of its own. */
function lokiOutput({ platform, target }: PlannedCluster, { url }: Offer): string {
  const [host = "", port = ""] = url.replace("http://", "").split(":");
  return [
    "[OUTPUT]",
    "    Name loki",
    "    Match *",
    `    Host ${host}`,
    `    Port ${port}`,
    `    Labels platform=${platform}, cluster=${target}, namespace=$kubernetes['namespace_name'], app=$kubernetes['labels']['app.kubernetes.io/name']`,
    "    Retry_Limit False",
    "",
  ].join("\n");
}
