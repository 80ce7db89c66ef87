// The last words of a container: what it wrote to its termination file, or the end of its log when it failed and asked for
// that. Mirrors pkg/kubelet/kuberuntime (getTerminationMessage): 4 KiB of the file, 80 lines or 2 KiB of the log.

import { join } from "node:path";

import type { Container } from "../../../kubernetes/index.ts";
import type { LiveRun } from "./container-runner.ts";
import { readLogFile } from "./log-file.ts";
import { ROOT_VARIABLE } from "./mount-paths.ts";
import { readText } from "./process-table.ts";

const FILE_MAX = 4_096;
const LOG_MAX = 2_048;
const LOG_LINES_MAX = 80;
export const DEFAULT_MESSAGE_PATH = "/dev/termination-log";

export function terminationMessage(
  { terminationMessagePath = DEFAULT_MESSAGE_PATH, terminationMessagePolicy }: Container,
  { launch, log }: Pick<LiveRun, "launch" | "log">,
  exitCode: number,
): { readonly message?: string } {
  const root = launch.environment[ROOT_VARIABLE] ?? "";
  const said = readText(join(root, terminationMessagePath)) ?? "";
  if (said !== "") return { message: said.slice(0, FILE_MAX) };
  if (exitCode === 0 || terminationMessagePolicy !== "FallbackToLogsOnError") return {};
  const lines = readLogFile(log.path).slice(-LOG_LINES_MAX);
  const text = lines.map((line) => `${line.text}\n`).join("");
  return text === "" ? {} : { message: text.slice(-LOG_MAX) };
}
