// Open Policy Agent's Gatekeeper: a webhook that refuses, and an audit that finds what was there before.

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission, EmittedObject } from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { planRules, settlePolicy } from "../rules/index.ts";
import { gatekeeperSchema, type GatekeeperOptions } from "./options.ts";
import { CHART, gatekeeperSurface, NAMESPACE, RELEASE } from "./surface.ts";
import { constraintObject, syncSet, templateObject } from "./template.ts";
import { gatekeeperValues } from "./values.ts";

const AREA = "infrastructure/security";
/** Their kinds exist once Gatekeeper has read the templates. */
const AFTER_TEMPLATES = 4;

export const gatekeeperFiller = defineSlotFiller<GatekeeperOptions>({
  name: "gatekeeper",
  slot: "policy",
  area: AREA,
  provides: ["admissionPolicy", "policyAudit"],
  options: gatekeeperSchema,
  resolve: settlePolicy,
  surface: gatekeeperSurface,
  emit: emitGatekeeper,
  apiGroups: [
    "config.gatekeeper.sh",
    "connection.gatekeeper.sh",
    "constraints.gatekeeper.sh",
    "expansion.gatekeeper.sh",
    "externaldata.gatekeeper.sh",
    "mutations.gatekeeper.sh",
    "status.gatekeeper.sh",
    "syncset.gatekeeper.sh",
    "templates.gatekeeper.sh",
  ],
  crds: async () => [
    (await import("./crds.facts.ts")).gatekeeperCrdFacts,
    (await import("./constraint-kinds.ts")).constraintFacts,
  ],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function emitGatekeeper({ cluster, path }: EmitContext, options: GatekeeperOptions): Emission {
  const { repository, chart, version } = cluster.versions.chart(CHART);
  const { platform } = cluster;
  const emitted = emitterFor(AREA, path);
  const rules = planRules(cluster, options);
  const references = rules.flatMap(({ rule }) => rule.reference ?? []);
  return {
    charts: [
      {
        name: RELEASE,
        namespace: NAMESPACE,
        area: AREA,
        repository,
        chart,
        version,
        values: gatekeeperValues(cluster, options),
        path,
      },
    ],
    objects: [
      ...(references.length === 0 ? [] : [emitted(syncSet(platform, references))]),
      ...rules.flatMap((planned): EmittedObject[] => [
        emitted(templateObject(platform, planned.rule), planned.rule.title),
        { ...emitted(constraintObject(platform, planned)), wave: AFTER_TEMPLATES },
      ]),
    ],
  };
}
