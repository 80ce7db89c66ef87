// What stands in for a third-party chart on a laptop: the workloads, services and accounts of its surface, every one of
// them labelled as simulated. Real clusters get the real chart.

import { harden, rankedStandIn } from "../components/index.ts";
import type { KubernetesObject } from "../kubernetes/index.ts";
import type {
  ChartSource,
  CompiledChart,
  CompiledObject,
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
  /** Delivered beside the chart, `Kind/namespace/name`; nobody makes them twice. */
  readonly beside?: ReadonlySet<string>;
}

/**
 * The surfaces of all charts of a cluster; a workload belongs to the chart of its component, or to the release it names, unless
 * it is among the objects that are delivered beside the chart. So do the workloads' accounts.
 */
export function chartSurfaces(
  cluster: PlannedCluster,
  charts: readonly CompiledChart[],
  delivered: readonly CompiledObject[],
): ChartSurface[] {
  const own = new Set(delivered.map(({ object }) => keyOf(object.kind, object.metadata)));
  return charts.map((chart) => ({
    chart,
    workloads: cluster.workloads.filter(
      ({ component, release, kind, ...workload }) =>
        component === chart.origin.component &&
        !own.has(keyOf(kind, workload)) &&
        (release === undefined ? isFirst(chart, charts) : release === chart.name),
    ),
    objects: cluster.standIns
      .filter(({ component }) => component === chart.origin.component && isFirst(chart, charts))
      .map(({ object }) => object),
    beside: own,
  }));
}

const keyOf = (
  kind: string,
  { namespace, name }: { readonly namespace?: string | undefined; readonly name: string },
): string => `${kind}/${namespace}/${name}`;

/** What nobody assigns to one of a component's charts is made by the first. */
function isFirst(chart: CompiledChart, charts: readonly CompiledChart[]): boolean {
  return charts.find(({ origin }) => origin.component === chart.origin.component) === chart;
}

/** `namespaces` say which Pod Security level the charts in them were declared to keep; their stand-ins keep it too. */
export function createChartSource(
  surfaces: readonly ChartSurface[],
  cluster: Pick<PlannedCluster, "namespaces" | "slots">,
): ChartSource {
  return {
    render: (repository, chart, version, release) => {
      const found = surfaces.find(
        ({ chart: known }) =>
          withoutScheme(known.repository) === withoutScheme(repository) &&
          known.chart === chart &&
          known.name === release.name,
      );
      if (found === undefined) return undefined;
      // As the definition has it: engines write registries their own way.
      const about = `${found.chart.repository}/${chart} ${version}`;
      return standIns(found).map((object) =>
        markSimulated(rankedStandIn(harden(object, cluster), cluster, found.chart), about),
      );
    },
  };
}

/** Engines name an OCI registry with or without its scheme. */
function withoutScheme(repository: string): string {
  return repository.replace(/^oci:\/\//, "");
}

function standIns({ workloads, objects, beside }: ChartSurface): KubernetesObject[] {
  const accounts = new Map(
    workloads.map((workload) => [
      `${workload.namespace}/${workload.serviceAccount}`,
      accountOf(workload),
    ]),
  );
  return [
    ...[...accounts.values()].filter(
      ({ metadata }) => beside?.has(keyOf("ServiceAccount", metadata)) !== true,
    ),
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
  const { kind, name, namespace, labels } = workload;
  const apiVersion = kind === "Job" || kind === "CronJob" ? "batch/v1" : "apps/v1";
  return { apiVersion, kind, metadata: { name, namespace, labels }, spec: specOf(workload) };
}

function specOf(workload: Workload): Record<string, unknown> {
  const { kind, name, labels, replicas, services } = workload;
  const selector = { matchLabels: labels };
  const template = {
    metadata: { labels: { ...labels, [SIMULATED_LABEL]: "true" } },
    spec: podSpecOf(workload),
  };
  switch (kind) {
    case "Deployment":
      return { replicas, selector, template };
    case "StatefulSet":
      return { replicas, serviceName: services[0]?.name ?? name, selector, template };
    case "DaemonSet":
      return { selector, template };
    case "Job":
      return { template: oneShot(template) };
    case "CronJob":
      // When a chart's job runs is its own business; on a laptop it only has to exist.
      return {
        schedule: "0 0 1 1 *",
        suspend: true,
        jobTemplate: { spec: { template: oneShot(template) } },
      };
  }
}

function oneShot<T extends { readonly spec: Record<string, unknown> }>(template: T): T {
  return { ...template, spec: { ...template.spec, restartPolicy: "OnFailure" } };
}

function podSpecOf({
  serviceAccount,
  containers,
  hostNetwork,
  ports,
  quorum,
  labels,
}: Workload): Record<string, unknown> {
  return {
    serviceAccountName: serviceAccount,
    ...(quorum === true ? apart(labels) : {}),
    ...(hostNetwork === true ? { hostNetwork: true } : {}),
    containers: containers.map((container, index) =>
      containerOf(container, index === 0 ? ports : []),
    ),
  };
}

/** As every system asks for its members that vote. */
function apart(matchLabels: Workload["labels"]): Record<string, unknown> {
  return {
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(
      (topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels },
      }),
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
