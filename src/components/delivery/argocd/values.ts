// Values of the argo-cd chart. Keys as in argo-helm charts/argo-cd/values.yaml @af0a9310.

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { HEALTH_SCRIPT, HEALTH_SETTING } from "./gate.ts";
import type { ArgocdOptions } from "./options.ts";
import { policyCsv } from "./policy.ts";
import { signInOf } from "./sign-in.ts";
import { WEBHOOKS, webhookKey } from "./webhook-keys.ts";
import { replicasOf, RESOURCES } from "./sizes.ts";

export function hostnameOf({ domain }: Pick<PlannedCluster, "domain">): string {
  return `argocd.${domain}`;
}

/** Where people open it. A developer's machine serves plain HTTP on a port of its own. */
export function publicUrl(cluster: Pick<PlannedCluster, "domain" | "network">): string {
  const { hostPorts } = cluster.network;
  const host = hostnameOf(cluster);
  return hostPorts === undefined ? `https://${host}` : `http://${host}:${hostPorts.http}`;
}

export function argocdValues(cluster: PlannedCluster, options: ArgocdOptions): Fields {
  const replicas = replicasOf(cluster.scale);
  const oidc = signInOf(options, cluster);
  return {
    global: {
      domain: hostnameOf(cluster),
      // Ours come from the graph; two sets of policies would allow what either allows.
      networkPolicy: { create: false },
    },
    configs: {
      params: {
        // The gateway ends TLS and forwards plain HTTP inside the cluster; a server with TLS of its own would redirect.
        "server.insecure": true,
      },
      cm: {
        url: publicUrl(cluster),
        ...(oidc === undefined ? {} : { "oidc.config": oidcConfig(oidc) }),
        [HEALTH_SETTING]: HEALTH_SCRIPT,
      },
      ...(options.webhook === undefined ? {} : { secret: webhookSecret(options.webhook) }),
      rbac: { "policy.default": "", "policy.csv": policyCsv(cluster.roles), scopes: "[groups]" },
    },
    controller: { replicas: 1, resources: RESOURCES["application-controller"] },
    server: { replicas: replicas.server, resources: RESOURCES.server, ...budget(cluster) },
    repoServer: {
      replicas: replicas.repoServer,
      resources: RESOURCES["repo-server"],
      ...budget(cluster),
    },
    applicationSet: {
      replicas: replicas.applicationSet,
      resources: RESOURCES["applicationset-controller"],
    },
    // The chart runs it under the namespace's default account.
    redis: { resources: RESOURCES.redis, serviceAccount: { create: true } },
    redisSecretInit: { resources: RESOURCES.server },
    // People sign in at the issuer itself, and nothing sends notifications yet.
    dex: { enabled: false },
    notifications: { enabled: false },
  };
}

function budget({ scale }: PlannedCluster): Fields {
  return scale === "highly-available" ? { pdb: { enabled: true, maxUnavailable: 1 } } : {};
}

/** Only where the secret lies: argo-cd docs/operator-manual/webhook.md, "Alternative". */
function webhookSecret({ host, secret }: NonNullable<ArgocdOptions["webhook"]>): Fields {
  const key = webhookKey(host);
  return { [WEBHOOKS[host].value]: `$${secret}:${key}` };
}

/** A public client with PKCE: no client secret to keep. */
function oidcConfig({ issuer, clientId }: NonNullable<ArgocdOptions["oidc"]>): string {
  return [
    "name: Single sign-on",
    `issuer: ${JSON.stringify(issuer)}`,
    `clientID: ${JSON.stringify(clientId)}`,
    "enablePKCEAuthentication: true",
    'requestedScopes: ["openid", "profile", "email", "groups"]',
    "",
  ].join("\n");
}
