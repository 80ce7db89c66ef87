#!/usr/bin/env node
// The command `keelson`.

import * as nodeModule from "node:module";

// Node 22.8 and later keep compiled code between runs; the modules of the command itself must come after.
(nodeModule as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();
const [{ runCommandLine }, { processTerminal }] = await Promise.all([
  import("./run-command-line.ts"),
  import("./terminal.ts"),
]);

process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal());
