// What stands in for a third-party chart on a laptop: the workloads, services and accounts of its surface, every one of
// them labelled as simulated. Real clusters get the real chart.

import type { KubernetesObject } from "../kubernetes/index.ts";
import type {
  ChartSource,
  CompiledChart,
  PlannedCluster,
  Workload,
  WorkloadContainer,
} from "../model/index.ts";

export const SIMULATED_LABEL = "keelson.dev/simulated";
const CHART_ANNOTATION = "keelson.dev/stands-in-for";

/** What a target's charts look like from outside. */
export interface ChartSurface {
  readonly chart: CompiledChart;
  readonly workloads: readonly Workload[];
  /** Other objects the chart creates and others rely on. */
  readonly objects: readonly KubernetesObject[];
}

/** The surfaces of all charts of a cluster; a workload belongs to the chart of its component. */
export function chartSurfaces(
  cluster: PlannedCluster,
  charts: readonly CompiledChart[],
): ChartSurface[] {
  return charts.map((chart) => ({
    chart,
    workloads: cluster.workloads.filter(({ component }) => component === chart.origin.component),
    objects: cluster.standIns
      .filter(({ component }) => component === chart.origin.component)
      .map(({ object }) => object),
  }));
}

export function createChartSource(surfaces: readonly ChartSurface[]): ChartSource {
  return {
    render: (repository, chart, version, release) => {
      const found = surfaces.find(
        ({ chart: known }) =>
          known.repository === repository && known.chart === chart && known.name === release.name,
      );
      if (found === undefined) return undefined;
      const about = `${repository}/${chart} ${version}`;
      return standIns(found).map((object) => markSimulated(object, about));
    },
  };
}

function standIns({ workloads, objects }: ChartSurface): KubernetesObject[] {
  const accounts = new Map(
    workloads.map((workload) => [
      `${workload.namespace}/${workload.serviceAccount}`,
      accountOf(workload),
    ]),
  );
  return [
    ...accounts.values(),
    ...workloads.flatMap((workload) => [...servicesOf(workload), controllerOf(workload)]),
    ...objects,
  ];
}

function markSimulated(object: KubernetesObject, about: string): KubernetesObject {
  const { labels, annotations } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...labels, [SIMULATED_LABEL]: "true" },
      annotations: { ...annotations, [CHART_ANNOTATION]: about },
    },
  };
}

function accountOf({ serviceAccount, namespace }: Workload): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: serviceAccount, namespace },
  };
}

function servicesOf({ services, namespace, labels, ports }: Workload): KubernetesObject[] {
  return services.map(({ name, type, ports: exposed }) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels },
    spec: {
      ...(type === "Headless" ? { clusterIP: "None" } : { type }),
      selector: labels,
      ports: exposed.map(({ name: portName, port, targetPort }) => ({
        name: portName,
        port,
        targetPort,
        protocol: ports.find((candidate) => candidate.port === targetPort)?.protocol ?? "TCP",
      })),
    },
  }));
}

function controllerOf(workload: Workload): KubernetesObject {
  const { kind, name, namespace, labels, replicas } = workload;
  const metadata = { name, namespace, labels };
  if (kind === "CronJob" || kind === "Job")
    throw new Error(`${kind} ${namespace}/${name}: charts with jobs have no stand-in`);
  return {
    apiVersion: "apps/v1",
    kind,
    metadata,
    spec: {
      ...(kind === "DaemonSet" ? {} : { replicas }),
      ...(kind === "StatefulSet" ? { serviceName: workload.services[0]?.name ?? name } : {}),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, [SIMULATED_LABEL]: "true" } },
        spec: podSpecOf(workload),
      },
    },
  };
}

function podSpecOf({
  serviceAccount,
  containers,
  hostNetwork,
  ports,
}: Workload): Record<string, unknown> {
  return {
    serviceAccountName: serviceAccount,
    ...(hostNetwork === true ? { hostNetwork: true } : {}),
    containers: containers.map((container, index) =>
      containerOf(container, index === 0 ? ports : []),
    ),
  };
}

function containerOf(
  { name, image, requests, limits }: WorkloadContainer,
  ports: Workload["ports"],
): Record<string, unknown> {
  return {
    name,
    image,
    resources: { requests, limits },
    ...(ports.length === 0
      ? {}
      : {
          ports: ports.map(({ name: portName, port, protocol }) => ({
            name: portName,
            containerPort: port,
            protocol,
          })),
        }),
  };
}
