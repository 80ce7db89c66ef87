// Vault's agent injector: the app's own agent signs in with the app's own account and writes files; nothing lies in etcd.

import { defineSlotFiller, isProvided } from "../../../model/index.ts";
import type { EmitContext, InjectContext, Injection, Workload } from "../../../model/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { chartRelease } from "../../manifests/index.ts";
import { sidecarPlaces } from "../../mesh/local.ts";
import { storedAt } from "../external-secrets/objects.ts";
import { agentAnnotations, withAgent } from "./annotations.ts";
import { noServerToInjectFrom } from "./diagnostics.ts";
import { vaultInjectorSchema, type VaultInjectorOptions } from "./options.ts";
import {
  AGENT,
  agentImage,
  AREA,
  CHART,
  injectedSecrets,
  NAMESPACE,
  RELEASE,
  vaultInjectorSurface,
} from "./surface.ts";
import { vaultInjectorValues } from "./values.ts";

export const vaultInjectorFiller = defineSlotFiller<VaultInjectorOptions>({
  name: "vault-injector",
  slot: "secrets",
  area: AREA,
  // Only what names it: other consumers of a secret read a Kubernetes Secret, which it never makes.
  provides: ["secretInjection"],
  options: vaultInjectorSchema,
  resolve({ cluster, path, report }, options) {
    if (options.address === undefined && !isProvided(cluster, "secretServer"))
      report(noServerToInjectFrom(path, {}));
    return options;
  },
  storedAt,
  surface: vaultInjectorSurface,
  inject: injectAgent,
  injectors: [RELEASE],
  emit: (context, options) => ({
    charts: [
      chartRelease(context, {
        chart: CHART,
        name: RELEASE,
        namespace: NAMESPACE,
        area: AREA,
        values: vaultInjectorValues(context.cluster, options),
      }),
    ],
  }),
  decorate: decorateApp,
  decorateOrder: 45,
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
  local: async () =>
    sidecarPlaces("Vault's agent", { proxy: "vault-agent", validator: "vault-agent-init" }),
});

function injectAgent({ cluster, path }: InjectContext, workload: Workload): Injection | undefined {
  const app = cluster.apps.find(
    ({ name, namespace }) => name === workload.name && namespace === workload.namespace,
  );
  if (app === undefined || injectedSecrets(app, path).length === 0) return undefined;
  return { containers: [{ name: "vault-agent", image: agentImage(cluster), ...AGENT }] };
}

/** Kinds whose pod template an app's pods are made from. */
const TEMPLATED = ["Deployment", "Rollout"];

function decorateApp(
  object: KubernetesObject,
  { cluster, path }: EmitContext,
  options: VaultInjectorOptions,
): KubernetesObject {
  const { name, namespace } = object.metadata;
  const app = cluster.apps.find((one) => one.name === name && one.namespace === namespace);
  if (app === undefined || !TEMPLATED.includes(object.kind)) return object;
  if (injectedSecrets(app, path).length === 0) return object;
  return withAgent(object, agentAnnotations(cluster, app, path, options));
}
