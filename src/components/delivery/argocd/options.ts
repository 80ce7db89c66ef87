// Options of Argo CD.

import { object, oneOf, optional, string, type Tagged } from "../../../model/index.ts";
import { GIT_URL } from "./git-url.ts";

export interface ArgocdInput {
  /** URL of the git repository that holds the emitted tree: `https://…`, `ssh://…` or `user@host:path`. Credentials never stand in it. */
  repository: string;
  /** Branch, tag or commit that is synced. Default main. */
  revision?: string;
  /** `automatic`: git decides, drift is undone, what left git is pruned. `manual`: a person presses Sync. Default automatic. */
  sync?: "automatic" | "manual";
  /** Identity provider people sign in with. Default: only the built-in `admin` user can sign in. */
  oidc?: ArgocdOidc;
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
  readonly oidc?: ArgocdOidc;
}

export const argocdSchema = object<ArgocdInput, ArgocdOptions>({
  repository: string(GIT_URL),
  revision: optional(string(), "main"),
  sync: optional(oneOf(["automatic", "manual"]), "automatic"),
  oidc: optional(object<ArgocdOidc>({ issuer: string("url"), clientId: string() })),
});

/** Argo CD on the primary cluster of each environment. */
export function argocd(options: ArgocdInput): Tagged<"argocd", ArgocdInput> {
  return { kind: "argocd", ...options };
}
