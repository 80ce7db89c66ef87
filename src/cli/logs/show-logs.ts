// The logs of an application's pods: one after the other, or all at once as they are written. Lines name their pod where there
// is more than one.

import { parseDuration, SECOND_MS } from "../../core/index.ts";
import {
  ConnectionError,
  contextsOf,
  createHttpsApi,
  readKubeconfig,
  StatusError,
} from "../../kubernetes/index.ts";
import type { ClusterAccess, HttpsApi, Pod, PodLogOptions } from "../../kubernetes/index.ts";
import type { LogsOptions } from "../commands/logs.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { listenForInterrupt } from "../up/interrupt.ts";
import { readRunningKubeconfig } from "../up/running-platform.ts";
import { UsageError } from "../usage-error.ts";
import { followLogs } from "./follow-logs.ts";
import { createLineWriter } from "./log-lines.ts";
import { APP_LABEL, nameOf, sourcesOf } from "./log-sources.ts";

export async function showLogs(
  app: string,
  options: LogsOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const access = accessTo(terminal.cwd, options.cluster);
  const api = createHttpsApi(access);
  try {
    const pods = await podsOf(api, app);
    if (pods.length === 0) return await refuseApp(api, app, terminal);
    if (options.follow !== true) return await printLogs(api, pods, options, terminal);
    return await follow(api, app, options, terminal);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    terminal.err(
      `error: the platform that ran on this folder does not answer at ${access.server}\n`,
    );
    terminal.err("  hint: start it again with keelson up\n");
    return EXIT.failed;
  } finally {
    api.close();
  }
}

function accessTo(cwd: string, context: string | undefined): ClusterAccess {
  const text = readRunningKubeconfig(cwd);
  if (context !== undefined && !contextsOf(text).includes(context))
    throw new UsageError(
      `no cluster ${context} runs here`,
      `there is ${contextsOf(text).join(", ")}`,
    );
  return readKubeconfig(text, { context });
}

const POD = { apiVersion: "v1", kind: "Pod" };

async function podsOf(api: HttpsApi, app: string): Promise<readonly Pod[]> {
  const { items } = await api.list(POD, { labelSelector: `${APP_LABEL}=${app}` });
  // The server was asked for pods.
  return (items as unknown as readonly Pod[]).toSorted((a, b) =>
    nameOfPod(a) < nameOfPod(b) ? -1 : 1,
  );
}

const nameOfPod = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`;

async function refuseApp(api: HttpsApi, app: string, terminal: Terminal): Promise<ExitCode> {
  const { items } = await api.list(POD, { labelSelector: APP_LABEL });
  const names = [...new Set(items.map(({ metadata }) => metadata.labels?.[APP_LABEL] ?? ""))];
  terminal.err(`error: no pod of ${app} is there\n`);
  if (names.length > 0) terminal.err(`  hint: there are ${names.toSorted().join(", ")}\n`);
  return EXIT.failed;
}

function readingOf({ previous, since, tail }: LogsOptions): PodLogOptions {
  return {
    ...(previous === true ? { previous } : {}),
    ...(since === undefined ? {} : { sinceSeconds: secondsOf(since) }),
    ...(tail === undefined ? {} : { tailLines: tail }),
  };
}

function secondsOf(since: string): number {
  const ms = parseDuration(since) ?? 0;
  if (ms > 0) return Math.max(1, Math.round(ms / SECOND_MS));
  throw new UsageError(`--since ${since} is no duration`, "say 30s, 5m or 1h30m");
}

async function printLogs(
  api: HttpsApi,
  pods: readonly Pod[],
  options: LogsOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const sources = pods.flatMap(sourcesOf);
  const never = new AbortController().signal;
  let code: ExitCode = EXIT.ok;
  for (const source of sources) {
    const writer = createLineWriter(terminal, () => sources.length > 1, source);
    const asked = { ...readingOf(options), container: source.container };
    try {
      await api.log(source, asked, writer.write, never);
    } catch (error) {
      // One container that has not started does not hide the others.
      if (!(error instanceof StatusError)) throw error;
      terminal.err(`error: ${nameOf(source)}: ${error.message}\n`);
      code = EXIT.failed;
    }
    writer.end();
  }
  return code;
}

async function follow(
  api: HttpsApi,
  app: string,
  options: LogsOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const interrupt = listenForInterrupt();
  try {
    await followLogs({ api, app, reading: readingOf(options), terminal }, interrupt.signal);
  } finally {
    interrupt.release();
  }
  if (interrupt.signal.aborted) return EXIT.interrupted;
  terminal.err("the platform has stopped\n");
  return EXIT.failed;
}
