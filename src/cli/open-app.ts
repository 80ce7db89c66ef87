// Prints where an application answers, and opens it where a person sees the result. A browser that cannot be opened is no
// failure: the address is there.

import { spawn } from "node:child_process";

import type { OpenOptions } from "./commands/open.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import { readAddresses } from "./up/running-platform.ts";

export function openApp(
  app: string,
  { cluster }: OpenOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const addresses = readAddresses(terminal.cwd).filter(
    (one) => cluster === undefined || one.cluster === cluster,
  );
  const found = addresses.find((one) => one.app === app);
  if (found === undefined) {
    terminal.err(`error: nothing answers for ${app} from outside\n`);
    const names = [...new Set(addresses.map((one) => one.app))];
    if (names.length > 0) terminal.err(`  hint: there is ${names.join(", ")}\n`);
    return Promise.resolve(EXIT.failed);
  }
  terminal.out(`${found.url}\n`);
  if (terminal.isWatched === true) openBrowser(found.url);
  return Promise.resolve(EXIT.ok);
}

const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

function openBrowser(url: string): void {
  const [file = "", ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const browser = spawn(file, [...args, url], { stdio: "ignore", detached: true });
  browser.on("error", () => undefined);
  browser.unref();
}
