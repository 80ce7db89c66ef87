// Bitnami's Sealed Secrets: values are encrypted for the cluster's key and committed; the controller opens them there.

import { defineSlotFiller } from "../../../model/index.ts";
import type { ChartRelease, EmitContext, EmittedObject } from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { sealedSecretsSchema, type SealedSecretsOptions } from "./options.ts";
import { sealedSecret } from "./sealed-secret.ts";
import { CHART, NAMESPACE, RELEASE, sealedSecretsSurface } from "./surface.ts";
import { sealedSecretsValues } from "./values.ts";

const AREA = "infrastructure/security";

export const sealedSecretsFiller = defineSlotFiller<SealedSecretsOptions>({
  name: "sealed-secrets",
  slot: "secrets",
  area: AREA,
  // It needs nothing but its own key: what other stores start from may be sealed.
  provides: ["secretStore", "firstSecrets"],
  options: sealedSecretsSchema,
  surface: sealedSecretsSurface,
  emit: (context, options) => ({
    charts: [release(context, options)],
    objects: sealedObjects(context),
  }),
  apiGroups: ["bitnami.com"],
  crds: async () => [(await import("./crds.facts.ts")).sealedSecretsCrdFacts],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function release({ cluster, path }: EmitContext, options: SealedSecretsOptions): ChartRelease {
  const { repository, chart, version } = cluster.versions.chart(CHART);
  return {
    name: RELEASE,
    namespace: NAMESPACE,
    area: AREA,
    repository,
    chart,
    version,
    values: sealedSecretsValues(cluster.versions, options),
    path,
  };
}

/** Beside what uses them: an app's secret is part of the app. */
function sealedObjects({ cluster, path, sealed }: EmitContext): EmittedObject[] {
  const key = path.at(-1);
  const own = cluster.secrets.filter(({ provider }) => provider === key);
  return own.flatMap((secret) =>
    secret.namespaces.flatMap((namespace) => {
      const object = sealedSecret(cluster.platform, secret, namespace, sealed);
      return object === undefined ? [] : [emitterFor(secret.area, secret.origin)(object)];
    }),
  );
}
