// Vault or OpenBao on the cluster: a raft cluster from its chart, who may read what in it, and copies of it. It keeps values; who
// makes Kubernetes Secrets of them is another component.

import { defineSlotFiller } from "../../../model/index.ts";
import type { AnySlotFiller, EmitContext, Emission } from "../../../model/index.ts";
import { chartRelease, emitterFor } from "../../manifests/index.ts";
import { accessOf, policyText } from "./access.ts";
import { configureScript } from "./configure-script.ts";
import type { Flavour } from "./flavour.ts";
import { vaultServerSchema, type VaultServerOptions } from "./options.ts";
import { settleServer } from "./resolve.ts";
import { snapshotObjects } from "./snapshot.ts";
import { AREA } from "./names.ts";
import { serverOffers, serverSurface } from "./surface.ts";
import { serverValues } from "./values.ts";

export function vaultServerFiller(flavour: Flavour): AnySlotFiller {
  return defineSlotFiller<VaultServerOptions>({
    name: flavour.name,
    slot: "secrets",
    area: AREA,
    provides: ["secretServer"],
    options: vaultServerSchema,
    resolve: settleServer(flavour),
    offers: (context, options) => serverOffers(flavour, context, options),
    surface: (context, options) => serverSurface(flavour, context, options),
    emit: (context, options) => emitServer(flavour, context, options),
  });
}

function emitServer(flavour: Flavour, context: EmitContext, options: VaultServerOptions): Emission {
  const { cluster, graph, path } = context;
  const { name } = flavour;
  const access = accessOf(flavour, cluster, graph);
  const folder = `clusters/${cluster.target}/${name}`;
  const emitted = emitterFor(AREA, path);
  return {
    charts: [
      chartRelease(context, {
        chart: name,
        name,
        namespace: name,
        area: AREA,
        values: serverValues(flavour, options),
      }),
    ],
    objects: snapshotObjects(flavour, cluster, path, options).map((object) => emitted(object)),
    files: [
      {
        file: `${folder}/configure.sh`,
        text: configureScript(flavour, cluster, access),
        path,
      },
      ...access.policies.map((policy) => ({
        file: `${folder}/policies/${policy.name}.hcl`,
        text: policyText(policy),
        path,
      })),
    ],
  };
}
