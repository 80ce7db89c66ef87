// Argo CD's `/api/webhook` in an embedded cluster: signed as the Secret says it refreshes Applications, otherwise it is refused.

import { createHmac } from "node:crypto";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { webhookAnswers } from "../../src/components/delivery/argocd/behaviour/webhook-answers.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import { APPLICATION, createWorld, URL, type World } from "./argocd-world.ts";

const SECRET = "of the git host";
const KEY = "webhook.github.secret";
const BODY = Buffer.from(JSON.stringify({ ref: "refs/heads/main", repository: { html_url: URL } }));
const LABELS = { "app.kubernetes.io/part-of": "argocd" };

const secret = (name: string, value: string, labels = LABELS): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "argocd", labels },
  stringData: { [KEY]: value },
});

const podOf = (name: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "argocd", labels: { "app.kubernetes.io/name": name } },
});

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await world.hub.api.create(secret("argocd-secret", `$git-host:${KEY}`));
  await world.hub.api.create({
    ...APPLICATION,
    metadata: { name: "web", namespace: "argocd" },
    spec: {
      project: "default",
      source: { repoURL: `${URL}.git`, path: "web", targetRevision: "main" },
      destination: { server: "https://kubernetes.default.svc", namespace: "shop" },
    },
  });
});
afterEach(() => world.stop());

function announce(signedWith: string, path = "/api/webhook", pod = "argocd-server") {
  const signature = createHmac("sha256", signedWith).update(BODY).digest("hex");
  const headers = { "x-github-event": "push", "x-hub-signature-256": `sha256=${signature}` };
  const answer = webhookAnswers(world.hub);
  return answer({ pod: podOf(pod), path, method: "POST", headers, body: BODY });
}

async function isRefreshed(): Promise<boolean> {
  const { metadata } = await world.hub.api.get({
    ...APPLICATION,
    name: "web",
    namespace: "argocd",
  });
  return metadata.annotations?.["argocd.argoproj.io/refresh"] === "normal";
}

describe("Argo CD's webhook", () => {
  it("refreshes the Applications of a repository whose host signs as the Secret says", async () => {
    await world.hub.api.create(secret("git-host", SECRET));
    expect(await announce(SECRET)).toMatchObject({ status: 200 });
    expect(await isRefreshed()).toBe(true);
  });

  it("refuses a wrong signature, and refreshes nothing", async () => {
    await world.hub.api.create(secret("git-host", SECRET));
    expect(await announce("a guess")).toMatchObject({
      status: 400,
      body: "Webhook processing failed: HMAC verification failed\n",
    });
    expect(await isRefreshed()).toBe(false);
  });

  it.each([
    ["is not there", undefined],
    [
      "lacks the label by which Argo CD reads it",
      secret("git-host", SECRET, { ...LABELS, "app.kubernetes.io/part-of": "x" }),
    ],
  ])("refuses everybody while the Secret %s", async (_why, held) => {
    if (held !== undefined) await world.hub.api.create(held);
    expect(await announce(SECRET)).toMatchObject({ status: 400 });
  });

  it("leaves other paths and pods to themselves", async () => {
    expect(await announce(SECRET, "/")).toBeUndefined();
    expect(await announce(SECRET, "/api/webhook", "argocd-repo-server")).toBeUndefined();
  });
});
