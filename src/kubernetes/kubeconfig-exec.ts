// Credentials from a command, as EKS, GKE and DOKS kubeconfigs ask for. Protocol: client-go plugin/pkg/client/auth/exec
// and client.authentication.k8s.io/v1 ExecCredential. The command runs again shortly before its credential expires.

import { execFile } from "node:child_process";
import type { Clock } from "../core/index.ts";
import { isRecord } from "../core/index.ts";
import { KubeconfigError, type ExecPlugin } from "./kubeconfig.ts";

export interface ExecCredential {
  readonly token?: string;
  readonly clientCert?: string;
  readonly clientKey?: string;
  /** Absent: as long as the process lives. */
  readonly expiresAt?: number;
}

export interface ExecOptions {
  readonly clock: Clock;
  /** The environment the command inherits. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A token that ends within this time is not worth sending. */
const RENEW_BEFORE_MS = 60_000;

/** Runs the command when there is no valid credential; callers at the same time share one run. */
export function createExecCredentials(
  plugin: ExecPlugin,
  { clock, environment }: ExecOptions,
): () => Promise<ExecCredential> {
  let current: ExecCredential | undefined;
  let running: Promise<ExecCredential> | undefined;
  return async () => {
    const isValid = (current?.expiresAt ?? Infinity) - RENEW_BEFORE_MS > clock.now();
    if (current !== undefined && isValid) return current;
    running ??= run(plugin, environment).finally(() => (running = undefined));
    current = await running;
    return current;
  };
}

async function run(
  plugin: ExecPlugin,
  environment: ExecOptions["environment"],
): Promise<ExecCredential> {
  const info = {
    apiVersion: plugin.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false },
  };
  const env = { ...environment, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  const output = await new Promise<string>((resolve, reject) => {
    execFile(plugin.command, plugin.args, { env, encoding: "utf8" }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(commandFailed(plugin, error, stderr));
    });
  });
  return readExecCredential(output, plugin.command);
}

function commandFailed(plugin: ExecPlugin, cause: Error, stderr: string): KubeconfigError {
  const missing = "code" in cause && cause.code === "ENOENT";
  const hint = plugin.installHint === undefined ? "" : `; ${plugin.installHint.trim()}`;
  const reason = missing ? `is not installed${hint}` : `failed: ${stderr.trim() || cause.message}`;
  return new KubeconfigError(`the credential command ${plugin.command} ${reason}`, { cause });
}

export function readExecCredential(output: string, command: string): ExecCredential {
  const status = statusOf(output);
  if (status === undefined) {
    throw new KubeconfigError(`the credential command ${command} printed no ExecCredential`);
  }
  const text = (key: string): string | undefined => {
    const value = status[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const [token, clientCert, clientKey] = ["token", "clientCertificateData", "clientKeyData"].map(
    text,
  );
  const expiresAt = Date.parse(text("expirationTimestamp") ?? "");
  return {
    ...(token === undefined ? {} : { token }),
    ...(clientCert === undefined ? {} : { clientCert }),
    ...(clientKey === undefined ? {} : { clientKey }),
    ...(Number.isNaN(expiresAt) ? {} : { expiresAt }),
  };
}

function statusOf(output: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(output);
    const status =
      isRecord(value) && value["kind"] === "ExecCredential" ? value["status"] : undefined;
    return isRecord(status) ? status : undefined;
  } catch {
    return undefined;
  }
}
