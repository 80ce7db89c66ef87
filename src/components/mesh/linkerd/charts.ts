// Chart releases and their values: only what differs from the charts' own. Keys as in linkerd/linkerd2 edge-26.8.3
// charts/{linkerd-crds,linkerd-control-plane,linkerd2-cni}/values.yaml.

import type { ChartRelease, EmitContext, Graph } from "../../../model/index.ts";
import type { ContainerResources } from "../../options/index.ts";
import { chartRelease, type Fields } from "../../manifests/index.ts";
import { isByRequest } from "./application.ts";
import type { LinkerdOptions } from "./options.ts";
import { AREA, CHARTS, NAMESPACE, NODE_NAMESPACE, replicasOf, RESOURCES } from "./surface.ts";

export function linkerdCharts(context: EmitContext, options: LinkerdOptions): ChartRelease[] {
  const release = (chart: string, namespace: string, values: Fields): ChartRelease =>
    chartRelease(context, { chart, name: chart, namespace, area: AREA, values });
  return [
    // The Gateway API's own definitions have another owner.
    release(CHARTS.crds, NAMESPACE, { installGatewayAPI: false }),
    release(CHARTS.node, NODE_NAMESPACE, { resources: figures(RESOURCES.node) }),
    release(CHARTS.control, NAMESPACE, controlPlaneValues(context, options)),
  ];
}

function controlPlaneValues(
  { cluster, graph }: EmitContext,
  { sidecar, trustAnchor }: LinkerdOptions,
): Fields {
  const replicas = replicasOf(cluster);
  const controller = figures(RESOURCES.controller);
  return {
    // The node agent sets up the pods' network.
    cniEnabled: true,
    // No pod without its proxy: nobody would talk to it, and nothing would restart it.
    webhookFailurePolicy: "Fail",
    controllerReplicas: replicas,
    ...(replicas > 1
      ? {
          enablePodAntiAffinity: true,
          enablePodDisruptionBudget: true,
        }
      : {}),
    destinationResources: controller,
    // Tells the project's own servers that this cluster exists.
    disableHeartBeat: true,
    identity: {
      ...(trustAnchor === undefined ? { externalCA: true } : {}),
      issuer: { scheme: "kubernetes.io/tls" },
    },
    ...(trustAnchor === undefined ? {} : { identityTrustAnchorsPEM: trustAnchor }),
    identityResources: controller,
    policyController: { resources: controller },
    proxy: {
      // What no Server and no policy beside a workload allows is refused.
      defaultInboundPolicy: "deny",
      opaquePorts: opaquePorts(graph).join(","),
      resources: figures(sidecar),
    },
    proxyInjectorResources: controller,
    spValidatorResources: controller,
  };
}

const DEFAULT_OPAQUE = [25, 587, 3306, 4444, 5432, 6379, 9300, 11_211];

/**
 * Ports on which nobody waits for a client's first words to tell the protocol: the chart's own, and those of the graph's
 * flows that carry no requests. A port that somewhere carries requests stays out.
 */
export function opaquePorts(graph: Graph): number[] {
  const byRequest = new Set(portsOf(graph, true));
  const found = portsOf(graph, false).filter((port) => !byRequest.has(port));
  return [...new Set([...DEFAULT_OPAQUE, ...found])].toSorted((a, b) => a - b);
}

/** Of pods and of the Services in front of them. */
function portsOf(graph: Graph, byRequest: boolean): number[] {
  return graph.flows
    .filter(({ protocol, encryption }) => protocol === "TCP" && encryption !== "tls")
    .filter(({ application }) => application !== "mesh tunnel")
    .filter(({ application }) => isByRequest(application) === byRequest)
    .flatMap(({ to, port }) => {
      const services =
        to.kind === "workload" ? (graph.workload(to.namespace, to.name)?.services ?? []) : [];
      const fronts = services.flatMap(({ ports }) =>
        ports.filter(({ targetPort }) => targetPort === port).map((front) => front.port),
      );
      return [port, ...fronts];
    });
}

/** As the charts write resources. */
export function figures({ requests, limits }: ContainerResources): Fields {
  return {
    cpu: { request: requests.cpu, limit: limits.cpu },
    memory: { request: requests.memory, limit: limits.memory },
  };
}
