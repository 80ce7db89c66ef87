// The External Secrets Operator: values stay in a store of their own; what is committed says only where they are read.

import { defineSlotFiller, isProvided } from "../../../model/index.ts";
import type { EmitContext, Emission, EmittedObject } from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { noServer, storeNotChosen } from "./diagnostics.ts";
import { clusterStore, externalSecret, storedAt } from "./objects.ts";
import { externalSecretsSchema, type ExternalSecretsOptions } from "./options.ts";
import { CHART, externalSecretsSurface, NAMESPACE, RELEASE } from "./surface.ts";
import { externalSecretsValues } from "./values.ts";

const AREA = "infrastructure/security";

export const externalSecretsFiller = defineSlotFiller<ExternalSecretsOptions>({
  name: "external-secrets",
  slot: "secrets",
  area: AREA,
  provides: ["secretStore"],
  options: externalSecretsSchema,
  resolve({ cluster, path, report }, options) {
    const given = [options.vault, options.aws].filter((store) => store !== undefined).length;
    if (given !== 1) report(storeNotChosen(path, { given }));
    const named = options.vault === undefined || options.vault.address !== undefined;
    if (!named && !isProvided(cluster, "secretServer")) report(noServer([...path, "vault"], {}));
    return options;
  },
  storedAt,
  surface: externalSecretsSurface,
  emit: emitExternalSecrets,
  apiGroups: ["external-secrets.io"],
  crds: async () => [(await import("./crds.facts.ts")).externalSecretsCrdFacts],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function emitExternalSecrets(
  { cluster, path }: EmitContext,
  options: ExternalSecretsOptions,
): Emission {
  const { repository, chart, version } = cluster.versions.chart(CHART);
  const release = { name: RELEASE, namespace: NAMESPACE, area: AREA, path } as const;
  const values = externalSecretsValues(cluster, options);
  const last = path.at(-1);
  const key = typeof last === "string" ? last : RELEASE;
  const own = cluster.secrets.filter(({ provider }) => provider === key);
  return {
    charts: [{ ...release, repository, chart, version, values }],
    objects: [
      emitterFor(AREA, path)(clusterStore(cluster, key, options)),
      // Beside what uses them: an app's secret is part of the app.
      ...own.flatMap((secret): EmittedObject[] =>
        secret.namespaces.map((namespace) =>
          emitterFor(
            secret.area,
            secret.origin,
          )(externalSecret(cluster.platform, { store: key, secret, namespace, options })),
        ),
      ),
    ],
  };
}
