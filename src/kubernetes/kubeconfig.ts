// Reads a kubeconfig: which server, whose authority, which credentials. Shape: client-go tools/clientcmd/api/v1/types.go.
// Text in, values out; files it names are read by the caller's function.

import { createRequire } from "node:module";
import type * as YamlModule from "yaml";
import { isRecord } from "../core/index.ts";

export interface KubeconfigOptions {
  /** Default: `current-context`. */
  readonly context?: string | undefined;
  /** Reads the files that a kubeconfig may name, relative to its own folder. Without it such entries are refused. */
  readonly readFile?: (path: string) => string;
}

/** A command that prints an ExecCredential. */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint?: string;
}

export interface ClusterAccess {
  readonly context: string;
  readonly server: string;
  /** Of the context; `default` when it names none. */
  readonly namespace: string;
  readonly caPem?: string;
  readonly serverName?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly token?: string;
  readonly clientCert?: string;
  readonly clientKey?: string;
  readonly exec?: ExecPlugin;
}

/** What is wrong with a kubeconfig, for the person whose file it is. */
export class KubeconfigError extends Error {
  override readonly name = "KubeconfigError";
}

/** Throws KubeconfigError. */
export function readKubeconfig(text: string, options: KubeconfigOptions = {}): ClusterAccess {
  const config = parseConfig(text);
  const wanted = options.context ?? textOf(config, "current-context");
  if (wanted === undefined) throw new KubeconfigError("no context is named, and none is current");
  const context = entryOf(config, "contexts", "context", wanted);
  const cluster = entryOf(config, "clusters", "cluster", textOf(context, "cluster") ?? "");
  const userName = textOf(context, "user");
  const user = userName === undefined ? {} : entryOf(config, "users", "user", userName);
  const server = textOf(cluster, "server");
  if (server === undefined) throw new KubeconfigError(`context ${wanted} has no server`);
  if (cluster["proxy-url"] !== undefined) {
    throw new KubeconfigError(`context ${wanted} goes through a proxy, which is not supported`);
  }
  const read = pemReader(options);
  return withoutUndefined({
    context: wanted,
    server,
    namespace: textOf(context, "namespace") ?? "default",
    caPem: read(cluster, "certificate-authority"),
    serverName: textOf(cluster, "tls-server-name"),
    insecureSkipTlsVerify: cluster["insecure-skip-tls-verify"] === true ? true : undefined,
    token: textOf(user, "token") ?? tokenFile(user, options),
    clientCert: read(user, "client-certificate"),
    clientKey: read(user, "client-key"),
    exec: execOf(user),
  });
}

/** The names of all contexts, in the file's order. */
export function contextsOf(text: string): readonly string[] {
  const { contexts } = parseConfig(text);
  const list: unknown[] = Array.isArray(contexts) ? contexts : [];
  return list.flatMap((entry) =>
    isRecord(entry) && typeof entry["name"] === "string" ? [entry["name"]] : [],
  );
}

type Fields = Record<string, unknown>;

function parseConfig(text: string): Fields {
  // Loaded only by those who have a kubeconfig.
  const { parse } = createRequire(import.meta.url)("yaml") as typeof YamlModule;
  let value: unknown;
  try {
    value = parse(text, { logLevel: "error" });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : "";
    throw new KubeconfigError(`the kubeconfig is not YAML: ${reason}`, { cause });
  }
  if (isRecord(value) && value["kind"] === "Config") return value;
  throw new KubeconfigError("the kubeconfig has no kind: Config");
}

function textOf(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function entryOf(config: Fields, list: string, field: string, name: string): Fields {
  const entries: unknown = config[list];
  const known = Array.isArray(entries) ? entries.filter(isRecord) : [];
  const found = known.find((entry) => entry["name"] === name)?.[field];
  if (isRecord(found)) return found;
  const names = known.map((entry) => String(entry["name"])).join(", ") || "none";
  throw new KubeconfigError(
    `there is no ${field} "${name}" in the kubeconfig; there are: ${names}`,
  );
}

/** `<name>-data` in base64, or a file. */
function pemReader({ readFile }: KubeconfigOptions) {
  return (fields: Fields, name: string): string | undefined => {
    const data = textOf(fields, `${name}-data`);
    if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
    const path = textOf(fields, name);
    return path === undefined ? undefined : readNamed(path, readFile);
  };
}

function tokenFile(user: Fields, { readFile }: KubeconfigOptions): string | undefined {
  const path = textOf(user, "tokenFile");
  return path === undefined ? undefined : readNamed(path, readFile).trim();
}

function readNamed(path: string, readFile: KubeconfigOptions["readFile"]): string {
  if (readFile === undefined) throw new KubeconfigError(`the kubeconfig needs the file ${path}`);
  return readFile(path);
}

function execOf(user: Fields): ExecPlugin | undefined {
  const exec = user["exec"];
  if (!isRecord(exec)) return undefined;
  const command = textOf(exec, "command");
  if (command === undefined) throw new KubeconfigError("users[].exec names no command");
  const env = Array.isArray(exec["env"]) ? exec["env"].filter(isRecord) : [];
  const args: unknown[] = Array.isArray(exec["args"]) ? exec["args"] : [];
  const installHint = textOf(exec, "installHint");
  return {
    apiVersion: textOf(exec, "apiVersion") ?? "client.authentication.k8s.io/v1",
    command,
    args: args.map(String),
    env: Object.fromEntries(env.map((pair) => [String(pair["name"]), String(pair["value"])])),
    ...(installHint === undefined ? {} : { installHint }),
  };
}

/** Drops members that are `undefined`, which optional members may not be. */
function withoutUndefined(access: {
  [Key in keyof ClusterAccess]: ClusterAccess[Key] | undefined;
}): ClusterAccess {
  const present = Object.entries(access).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as unknown as ClusterAccess; // Only absent members were dropped.
}
