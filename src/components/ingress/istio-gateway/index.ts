// Istio's ingress gateway by the Gateway API: the same HTTPRoutes as every other implementation of it, and the form in which
// Istio itself takes routes from now on; VirtualServices stay what requests between apps get.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { isRecord } from "../../../core/index.ts";
import { defineSlotFiller } from "../../../model/index.ts";
import type { ChartRelease, EmitContext, Emission } from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import {
  gateway,
  HTTP_PORT,
  httpRoute,
  httpsRedirect,
  type GatewayPlan,
} from "../gateway-api/objects.ts";
import { CERTIFICATE_SECRET, issuedCertificate, servesTls } from "../gateway-certificate.ts";
import { istioGatewaySchema, type IstioGatewayOptions } from "./options.ts";
import {
  AREA,
  COMPONENT,
  DATA_PLANE,
  GATEWAY_CLASS,
  istioGatewaySurface,
  NAMESPACE,
  RELEASE,
} from "./surface.ts";
import { istioGatewayValues } from "./values.ts";

export const istioGatewayFiller = defineSlotFiller<IstioGatewayOptions>({
  name: COMPONENT,
  slot: "ingress",
  area: AREA,
  provides: ["httpRoute", "trafficSplit"],
  splitsBy: "http-route",
  needs: ["loadBalancer", "gatewayApi", "gatewayProxy"],
  options: istioGatewaySchema,
  resolve: ({ cluster }, { tls }) => ({ tls: servesTls(cluster, tls) }),
  certificates: (context, { tls = true }) =>
    tls
      ? issuedCertificate(
          context,
          {
            by: { kind: "gateway", name: "platform", listener: "http" },
            proxy: { kind: "workload", ...DATA_PLANE },
            port: HTTP_PORT,
          },
          AREA,
        )
      : [],
  surface: istioGatewaySurface,
  emit: emitIstioGateway,
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function emitIstioGateway(context: EmitContext, { tls = true }: IstioGatewayOptions): Emission {
  const { cluster, path } = context;
  const emitted = emitterFor(AREA, path);
  const plan: GatewayPlan = {
    platform: cluster.platform,
    component: COMPONENT,
    name: "platform",
    namespace: NAMESPACE,
    gatewayClassName: GATEWAY_CLASS,
    ...(tls ? { tlsSecret: CERTIFICATE_SECRET } : {}),
  };
  return {
    charts: [release(context, tls)],
    objects: [
      emitted(
        atChartsService(gateway(plan)),
        "served by the chart's pods, not by ones istiod would make",
      ),
      ...(tls ? [emitted(httpsRedirect(plan))] : []),
      ...cluster.routes.map((route) =>
        emitterFor(route.area, route.origin)(httpRoute(plan, route)),
      ),
    ],
  };
}

/** With an address istiod deploys nothing for this Gateway (istio.io: "Manual Deployment" of the Gateway API). */
function atChartsService(object: KubernetesObject): KubernetesObject {
  const { namespace, name } = DATA_PLANE;
  const addresses = [{ type: "Hostname", value: `${name}.${namespace}.svc.cluster.local` }];
  const spec = isRecord(object["spec"]) ? object["spec"] : {};
  return { ...object, spec: { ...spec, addresses } };
}

function release({ cluster, path }: EmitContext, tls: boolean): ChartRelease {
  const { repository, chart, version } = cluster.versions.chart("istio-gateway");
  const values = istioGatewayValues(cluster, tls);
  return {
    name: RELEASE,
    namespace: NAMESPACE,
    area: AREA,
    repository,
    chart,
    version,
    values,
    path,
  };
}
