// `make test-browser`: the page of the reference application in a real browser. A browser that is not installed is a skip with
// its reason; `--install` asks Debian's package manager for one first.

import { parseArgs } from "node:util";

import { findOnPath } from "./find-tool.ts";
import { projectTool, runCommand } from "./run-command.ts";

const { values: options } = parseArgs({
  options: {
    /** Install Chromium first, where apt-get can. */
    install: { type: "boolean", default: false },
  },
});

/** Chromium and what calls itself so, the most usual name first. */
const BROWSERS = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

async function main(): Promise<void> {
  const browser = findBrowser() ?? (options.install ? await installBrowser() : undefined);
  if (browser === undefined) {
    console.log(`SKIP browser: none of ${BROWSERS.join(", ")} is on the PATH`);
    console.log("  hint: make test-browser ARGS=--install   (as root, with apt-get)");
    console.log("0 tests run, 1 skipped");
    return;
  }
  console.log(`browser    ${browser}`);
  const args = ["run", "--config", "vitest.browser.config.ts"];
  const { code, output } = await runCommand(projectTool("vitest"), args, {
    env: { KEELSON_BROWSER: browser, NO_COLOR: "1", FORCE_COLOR: "0" },
  });
  console.log(output.trimEnd());
  process.exitCode = code;
}

function findBrowser(): string | undefined {
  return BROWSERS.map((name) => findOnPath(name)).find((path) => path !== undefined);
}

async function installBrowser(): Promise<string | undefined> {
  const apt = findOnPath("apt-get");
  if (apt === undefined) return undefined;
  const args = ["install", "--yes", "--no-install-recommends", "chromium"];
  const { code, output } = await runCommand(apt, args);
  if (code !== 0) console.log(`apt-get could not install chromium\n${output.trim()}`);
  return findBrowser();
}

await main();
