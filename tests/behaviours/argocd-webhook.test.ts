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

const podOf = (name: string, namespace = "argocd"): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace, labels: { "app.kubernetes.io/name": name } },
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

interface Announced {
  readonly path?: string;
  readonly pod?: KubernetesObject;
  readonly body?: Buffer;
}

function announce(signedWith: string, announced: Announced = {}) {
  const { path = "/api/webhook", pod = podOf("argocd-server"), body = BODY } = announced;
  const signature = createHmac("sha256", signedWith).update(body).digest("hex");
  const headers = { "x-github-event": "push", "x-hub-signature-256": `sha256=${signature}` };
  return webhookAnswers(world.hub)({ pod, path, method: "POST", headers, body });
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

  it.each([
    {
      name: "GitLab's project",
      body: { project: { git_http_url: `${URL}.git` } },
      refreshes: true,
    },
    { name: "other capitals", body: { repository: { url: URL.toUpperCase() } }, refreshes: true },
    { name: "another repository", body: { repository: { url: `${URL}-2` } }, refreshes: false },
    { name: "none", body: {}, refreshes: false },
    { name: "nothing that can be read", body: "{", refreshes: false },
  ])("takes what is announced: $name", async ({ body, refreshes }) => {
    await world.hub.api.create(secret("git-host", SECRET));
    const text = typeof body === "string" ? body : JSON.stringify(body);
    expect(await announce(SECRET, { body: Buffer.from(text) })).toMatchObject({ status: 200 });
    expect(await isRefreshed()).toBe(refreshes);
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
    expect(await announce(SECRET, { path: "/" })).toBeUndefined();
    expect(await announce(SECRET, { pod: podOf("argocd-repo-server") })).toBeUndefined();
    expect(await announce(SECRET, { pod: podOf("argocd-server", "shop") })).toBeUndefined();
  });
});
