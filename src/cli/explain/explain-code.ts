// What a finding's code stands for here: where this platform has it.

import { verify } from "../../verifier/index.ts";
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
  const verified =
    compiled === undefined
      ? []
      : withSpans(verify({ compiled, kinds: await kindsOf(compiled) }), file);
  const found = [...platform.diagnostics, ...verified].filter((each) => each.code === code);
  return found.length === 0
    ? `${code}: nothing here\n`
    : renderDiagnostics(found, sources, { colour });
}
