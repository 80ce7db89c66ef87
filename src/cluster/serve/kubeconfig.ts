// Kubeconfig files: one context per cluster, each with its own credentials.

import { invariant } from "../../core/index.ts";

export interface KubeconfigCluster {
  /** Name of the cluster, its user and its context. */
  readonly name: string;
  /** `https://127.0.0.1:6443`. */
  readonly server: string;
  readonly caPem: string;
  readonly token?: string;
  readonly clientCertificatePem?: string;
  readonly clientKeyPem?: string;
  /** Default namespace of the context. */
  readonly namespace?: string;
}

export interface KubeconfigOptions {
  readonly clusters: readonly KubeconfigCluster[];
  /** Name of the current context. */
  readonly current: string;
}

/** YAML text. Every scalar is quoted as JSON, which YAML reads the same way. */
export function kubeconfig({ clusters, current }: KubeconfigOptions): string {
  invariant(
    clusters.some(({ name }) => name === current),
    `no cluster is named ${current}`,
  );
  const lines = [
    "apiVersion: v1",
    "kind: Config",
    "preferences: {}",
    `current-context: ${scalar(current)}`,
    "clusters:",
    ...clusters.flatMap(clusterEntry),
    "contexts:",
    ...clusters.flatMap(contextEntry),
    "users:",
    ...clusters.flatMap(userEntry),
  ];
  return `${lines.join("\n")}\n`;
}

function clusterEntry({ name, server, caPem }: KubeconfigCluster): readonly string[] {
  return [
    `  - name: ${scalar(name)}`,
    "    cluster:",
    `      server: ${scalar(server)}`,
    `      certificate-authority-data: ${base64(caPem)}`,
  ];
}

function contextEntry({ name, namespace }: KubeconfigCluster): readonly string[] {
  return [
    `  - name: ${scalar(name)}`,
    "    context:",
    `      cluster: ${scalar(name)}`,
    `      user: ${scalar(name)}`,
    ...(namespace === undefined ? [] : [`      namespace: ${scalar(namespace)}`]),
  ];
}

function userEntry(cluster: KubeconfigCluster): readonly string[] {
  const { name, token, clientCertificatePem, clientKeyPem } = cluster;
  const fields = [
    ...(token === undefined ? [] : [`      token: ${scalar(token)}`]),
    ...(clientCertificatePem === undefined
      ? []
      : [`      client-certificate-data: ${base64(clientCertificatePem)}`]),
    ...(clientKeyPem === undefined ? [] : [`      client-key-data: ${base64(clientKeyPem)}`]),
  ];
  invariant(fields.length > 0, `cluster ${name} has no credentials`);
  return [`  - name: ${scalar(name)}`, "    user:", ...fields];
}

function scalar(text: string): string {
  return JSON.stringify(text);
}

function base64(pem: string): string {
  return Buffer.from(pem, "utf8").toString("base64");
}
