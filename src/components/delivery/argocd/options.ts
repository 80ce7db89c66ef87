// Options of Argo CD.

import { object, oneOf, optional, string, type Tagged } from "../../../model/index.ts";
import { GIT_URL } from "../git-url.ts";

export interface ArgocdInput {
  /** URL of the git repository that holds the emitted tree: `https://…`, `ssh://…` or `user@host:path`. Credentials never stand in it. */
  repository: string;
  /** Branch, tag or commit that is synced. Default main. */
  revision?: string;
  /** `automatic`: git decides, drift is undone, what left git is pruned. `manual`: a person presses Sync. Default automatic. */
  sync?: "automatic" | "manual";
  /**
   * `monitor`: it compares and shows, and a pipeline or a person writes with Helm or kubectl; what they wrote shows at its next
   * reconciliation, two to three minutes later. Default deploy.
   */
  role?: "deploy" | "monitor";
  /** Identity provider people sign in with. Default: the platform's `identity`; without one only the built-in `admin` user can sign in. */
  oidc?: ArgocdOidc;
  /** The git host announces commits at `/api/webhook`, signed. Default: Argo CD looks every two to three minutes. */
  webhook?: ArgocdWebhook;
}

export interface ArgocdWebhook {
  host: "github" | "gitlab" | "gogs" | "bitbucket-server";
  /**
   * Name of a Secret in `argocd` that holds what the host signs with, under `webhook.github.secret` (`gitlab`, `gogs`,
   * `bitbucketserver`). It carries the label
   * `app.kubernetes.io/part-of: argocd`, without which Argo CD does not read it.
   */
  secret: string;
}

export interface ArgocdOidc {
  /** Issuer URL, e.g. `https://login.example.com`. */
  issuer: string;
  /** A public client allowed to use PKCE. */
  clientId: string;
}

export interface ArgocdOptions {
  readonly repository: string;
  readonly revision: string;
  readonly sync: "automatic" | "manual";
  readonly role: "deploy" | "monitor";
  readonly oidc?: ArgocdOidc;
  readonly webhook?: Readonly<ArgocdWebhook>;
}

export const argocdSchema = object<ArgocdInput, ArgocdOptions>({
  repository: string(GIT_URL),
  revision: optional(string(), "main"),
  sync: optional(oneOf(["automatic", "manual"]), "automatic"),
  role: optional(oneOf(["deploy", "monitor"]), "deploy"),
  oidc: optional(object<ArgocdOidc>({ issuer: string("url"), clientId: string() })),
  webhook: optional(
    object<ArgocdWebhook>({
      host: oneOf(["github", "gitlab", "gogs", "bitbucket-server"]),
      secret: string("dnsLabel"),
    }),
  ),
});

/** Argo CD on the primary cluster of each environment. */
export function argocd(options: ArgocdInput): Tagged<"argocd", ArgocdInput> {
  return { kind: "argocd", ...options };
}
