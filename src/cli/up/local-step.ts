// What `keelson up` tells the runtime about processes on this machine.

import { join } from "node:path";

import { openLocalMachine, type LocalOptions } from "../../runtime/index.ts";
import { cacheDirectory } from "../environment.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import { UsageError } from "../usage-error.ts";
import type { LocalPlatform } from "./compile-step.ts";
import type { UpRun } from "./run-up.ts";

/** Undefined when everything is to be simulated, or when no app can run otherwise. */
export async function localOptions(
  run: UpRun,
  local: LocalPlatform,
  onProgress: (text: string) => void,
): Promise<LocalOptions | undefined> {
  const { options, terminal, state } = run;
  const apps = local.targets.flatMap(({ cluster }) => cluster.apps);
  const able = apps.filter(({ dev }) => dev !== undefined).map(({ name }) => name);
  const unable = options.debug?.find((name) => !able.includes(name));
  if (unable !== undefined)
    throw new UsageError(`${unable} does not run as a process`, hintFor(able, unable));
  if (options.simulated === true || able.length === 0) return undefined;
  const { PATH = "", HOME, LANG, TERM } = terminal.environment;
  const given = { HOME, LANG, TERM };
  const usual = Object.entries(given).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    machine: await openLocalMachine({
      stateFolder: state.path,
      cacheFolder: cacheDirectory(terminal.environment),
      path: PATH,
      programs: [process.execPath, join(PACKAGE_ROOT, "dist", "programs", "main.js")],
      onProgress,
    }),
    definitionFolder: local.platform.file.folder,
    debug: new Set(options.debug),
    folder: state.processes,
    environment: Object.fromEntries(usual),
    onLeftOver: ({ pod, pid }) =>
      terminal.err(`a former run had left process ${pid} of ${pod}; it is ended\n`),
  };
}

function hintFor(able: readonly string[], app: string): string {
  if (able.length > 0) return `choose from ${able.join(", ")}`;
  return `give it a dev: { command: […] } in the definition (apps.${app}.dev)`;
}
