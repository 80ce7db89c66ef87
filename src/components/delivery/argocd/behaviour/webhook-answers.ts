// `/api/webhook` of Argo CD's server: an announcement that is signed as the Secret says refreshes the Applications of that
// repository; any other is refused. Mirrors util/webhook/webhook.go and, for `$name:key`, util/settings/settings.go at v3.4.

import { isRecord, valueAt } from "../../../../core/index.ts";
import { isNotFound, type KubernetesObject } from "../../../../kubernetes/index.ts";
import type { BehaviourContext, PodAnswer, PodAnswers } from "../../../../model/index.ts";
import type { ArgocdWebhook } from "../options.ts";
import { WEBHOOKS, webhookKey } from "../webhook-keys.ts";
import { sourcesOf } from "./manifests.ts";
import {
  APPLICATION,
  ARGOCD_NAMESPACE,
  REFRESH_ANNOTATION,
  type Application,
} from "./resources.ts";
import { judge } from "./webhook-signature.ts";

const SERVER = "argocd-server";
type Host = ArgocdWebhook["host"];

export function webhookAnswers({ api }: Pick<BehaviourContext, "api">): PodAnswers {
  return async ({ pod, path, method, headers, body }) => {
    const { namespace, labels = {} } = pod.metadata;
    const isServer = namespace === ARGOCD_NAMESPACE && labels["app.kubernetes.io/name"] === SERVER;
    if (!isServer || path !== "/api/webhook") return undefined;
    const secrets = await secretsOf(api);
    const verdict = judge({ headers, method, body }, (host) => secrets.get(host) ?? "");
    if (verdict.kind === "refused") return text(verdict.status, verdict.message);
    await refresh(api, repositoriesIn(body));
    return text(200, "");
  };
}

const text = (status: number, message: string): PodAnswer => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: message === "" ? "" : `${message}\n`,
});

/** What each host signs with, as argocd-secret says: the value, or where in another Secret of Argo CD's it lies. */
async function secretsOf(api: BehaviourContext["api"]): Promise<ReadonlyMap<Host, string>> {
  const settings = await secret(api, "argocd-secret");
  const found = new Map<Host, string>();
  for (const host of Object.keys(WEBHOOKS) as Host[]) {
    const value = field(settings, webhookKey(host));
    const [, name, key] = /^\$([^:]+):(.+)$/.exec(value) ?? [];
    if (name === undefined || key === undefined) {
      found.set(host, value);
      continue;
    }
    const other = await secret(api, name);
    const isRead = other?.metadata.labels?.["app.kubernetes.io/part-of"] === "argocd";
    // What cannot be found stays as it is written: nobody signs with that.
    found.set(host, (isRead ? field(other, key) : "") || value);
  }
  return found;
}

async function secret(
  api: BehaviourContext["api"],
  name: string,
): Promise<KubernetesObject | undefined> {
  const ref = { apiVersion: "v1", kind: "Secret", name, namespace: ARGOCD_NAMESPACE } as const;
  return api.get(ref).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
}

function field(object: KubernetesObject | undefined, key: string): string {
  const value = valueAt(object, ["data", key]);
  return typeof value === "string" ? Buffer.from(value, "base64").toString("utf8") : "";
}

/** Addresses under which hosts name the repository: GitHub and Gogs `repository`, GitLab `project`. */
function repositoriesIn(body: Uint8Array): ReadonlySet<string> {
  const payload = parsed(Buffer.from(body).toString("utf8"));
  const places = [valueAt(payload, ["repository"]), valueAt(payload, ["project"])];
  const urls = places.flatMap((place) => (isRecord(place) ? Object.values(place) : []));
  return new Set(urls.filter((url) => typeof url === "string").map(withoutSuffix));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const withoutSuffix = (url: string): string => url.replace(/\.git$/, "").toLowerCase();

async function refresh(
  api: BehaviourContext["api"],
  repositories: ReadonlySet<string>,
): Promise<void> {
  const { items } = await api.list(APPLICATION, { namespace: ARGOCD_NAMESPACE });
  for (const item of items) {
    // Of the kind that was asked for.
    const sources = sourcesOf(item as Application);
    if (!sources.some(({ repoURL }) => repositories.has(withoutSuffix(repoURL)))) continue;
    const { name } = item.metadata;
    const body = { metadata: { annotations: { [REFRESH_ANNOTATION]: "normal" } } };
    await api.patch({ ...APPLICATION, name, namespace: ARGOCD_NAMESPACE }, { type: "merge", body });
  }
}
