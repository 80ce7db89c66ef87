// What a finding's code stands for here: where this platform has it.

import type { Diagnostic } from "../../core/index.ts";
import type { Compiled } from "../../model/index.ts";
import { loadRules, verify } from "../../verifier/index.ts";
import { withSpans } from "../definition/positions.ts";
import type { CompiledPlatform } from "../platform.ts";
import { kindsOf } from "../platform.ts";
import { renderDiagnostics } from "../print-diagnostics.ts";

export async function explainCode(
  code: string,
  platform: CompiledPlatform,
  colour: boolean,
): Promise<string> {
  const { compiled, file, sources } = platform;
  const verified = compiled === undefined ? [] : withSpans(await verifyAll(compiled), file);
  const found = [...platform.diagnostics, ...verified].filter((each) => each.code === code);
  return found.length === 0
    ? `${code}: nothing here\n`
    : renderDiagnostics(found, sources, { colour });
}

async function verifyAll(compiled: Compiled): Promise<readonly Diagnostic[]> {
  return verify({ compiled, kinds: await kindsOf(compiled), ...(await loadRules(compiled)) });
}
