// cert-manager: issues and renews what the platform's systems serve with, by a public authority or by one of its own.

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission, ResolveContext } from "../../../model/index.ts";
import { chartRelease, emitterFor } from "../../manifests/index.ts";
import { TRUST_CHART, trustManagerValues } from "../trust-manager/surface.ts";
import { authorityObjects } from "./authorities.ts";
import { unreachableByAuthority } from "./diagnostics.ts";
import { peerAuthority, peerCertificate } from "./peers.ts";
import { certificate, issuers } from "./objects.ts";
import { certManagerSchema, type CertManagerOptions } from "./options.ts";
import { AREA, CHART, certManagerSurface, COMPONENT, NAMESPACE, RELEASE } from "./surface.ts";
import { certManagerValues } from "./values.ts";

export const certManagerFiller = defineSlotFiller<CertManagerOptions>({
  name: COMPONENT,
  slot: "certificates",
  area: AREA,
  provides: ["certificates"],
  apiGroups: ["cert-manager.io", "acme.cert-manager.io", "trust.cert-manager.io"],
  options: certManagerSchema,
  resolve: checkReach,
  surface: certManagerSurface,
  emit: emitCertManager,
  crds: async () => [
    (await import("./crds.facts.ts")).certManagerCrdFacts,
    (await import("../trust-manager/crds.facts.ts")).trustManagerCrdFacts,
  ],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function checkReach(
  { cluster, path, report }: ResolveContext,
  options: CertManagerOptions,
): CertManagerOptions {
  const { issuer } = options;
  const proven = issuer.kind !== "acme" || issuer.solver.kind !== "http01";
  if (!proven && cluster.site.kind === "developer-machine") {
    const { name, domain } = cluster;
    report(unreachableByAuthority([...path, "issuer"], { cluster: name, domain }));
  }
  return options;
}

function emitCertManager(context: EmitContext, options: CertManagerOptions): Emission {
  const { cluster, path } = context;
  const emitted = emitterFor(AREA, path);
  return {
    charts: [
      chartRelease(context, {
        chart: CHART,
        name: RELEASE,
        namespace: NAMESPACE,
        area: AREA,
        values: certManagerValues(cluster, options),
      }),
      ...(cluster.authorities.length === 0
        ? []
        : [
            chartRelease(context, {
              chart: TRUST_CHART,
              name: TRUST_CHART,
              namespace: NAMESPACE,
              area: AREA,
              values: trustManagerValues(cluster, NAMESPACE),
            }),
          ]),
    ],
    objects: [
      ...issuers(cluster, options.issuer).map((object) => emitted(object)),
      ...cluster.authorities.flatMap((demand) =>
        authorityObjects(cluster, demand).map((object) => emitterFor(AREA, demand.origin)(object)),
      ),
      ...peerAuthority(cluster).map((object) => emitted(object)),
      ...cluster.peerCertificates.map((demand) =>
        emitterFor(demand.area, demand.origin)(peerCertificate(cluster, demand)),
      ),
      ...cluster.certificates.map((demand) =>
        emitterFor(demand.area, demand.origin)(certificate(cluster, options.issuer, demand)),
      ),
    ],
  };
}
