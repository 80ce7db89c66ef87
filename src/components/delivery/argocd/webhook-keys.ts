// Under which keys Argo CD looks for what git hosts sign with: in the chart's values and in argocd-secret.
// Source: argo-helm charts/argo-cd/templates/argocd-configs/argocd-secret.yaml @af0a9310.

import type { ArgocdWebhook } from "./options.ts";

export const WEBHOOKS = {
  github: { value: "githubSecret", key: "webhook.github.secret" },
  gitlab: { value: "gitlabSecret", key: "webhook.gitlab.secret" },
  gogs: { value: "gogsSecret", key: "webhook.gogs.secret" },
  "bitbucket-server": { value: "bitbucketServerSecret", key: "webhook.bitbucketserver.secret" },
} as const satisfies Readonly<Record<ArgocdWebhook["host"], object>>;

export const webhookKey = (host: ArgocdWebhook["host"]): string => WEBHOOKS[host].key;
