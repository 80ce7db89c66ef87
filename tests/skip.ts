// How a test says that it cannot run here. The gate counts these lines and fails on a skip that gives no reason.
//
//   const kubectl = await findTool("kubectl");
//   describe.skipIf(!kubectl)("kubectl apply", () => { … });

import { findOnPath } from "../scripts/find-tool.ts";

/** The tool's absolute path; undefined after saying why what needs it is skipped. */
export async function findTool(name: string): Promise<string | undefined> {
  const path = findOnPath(name);
  if (path === undefined) printSkip(name, "not on the PATH");
  return path;
}

/** For every other reason, e.g. a platform or a Node version. */
export function printSkip(name: string, reason: string): void {
  // The console, because vitest knows which file a console line came from.
  console.log(`SKIP ${name}: ${reason}`);
}
