// The traces command: asks, prints, and says what to do when there is nothing.

import type { LogsAnswer, TracesAnswer } from "../../runtime/index.ts";
import type { TracesOptions } from "../commands/traces.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { askTelemetry } from "./ask-telemetry.ts";
import { formatLogs, formatTrace } from "./format-trace.ts";
import { describeNothing } from "./nothing-known.ts";

export async function showTraces(
  app: string | undefined,
  { errors, trace, limit, output }: TracesOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const parameters = { service: app, trace, limit, errors: errors === true ? 1 : undefined };
  const text = await askTelemetry(terminal.cwd, { path: "/traces", parameters });
  if (output === "json") return print(terminal, text);
  // The runtime answers in the form that it exports.
  const { traces, services }: TracesAnswer = JSON.parse(text);
  if (traces.length === 0) {
    const isNarrow = errors === true || trace !== undefined;
    const what = isNarrow ? "no such trace is kept" : "no traces yet";
    terminal.err(describeNothing({ what, app, services }));
    return trace === undefined ? EXIT.ok : EXIT.failed;
  }
  terminal.out(traces.map(formatTrace).join("\n"));
  if (trace === undefined) return EXIT.ok;
  const logs = await askTelemetry(terminal.cwd, { path: "/logs", parameters: { trace } });
  const answer: LogsAnswer = JSON.parse(logs);
  return print(terminal, formatLogs(answer.logs));
}

function print(terminal: Terminal, text: string): ExitCode {
  terminal.out(text);
  return EXIT.ok;
}
