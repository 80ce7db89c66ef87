// Runs every rule over every cluster of a compiled platform. Pure, like the compiler whose result it reads.

import type { Diagnostic } from "../core/index.ts";
import { canonicalJson, sortDiagnostics } from "../core/index.ts";
import type { Expressions, KindRegistry } from "../kubernetes/index.ts";
import { loadExpressions } from "../kubernetes/index.ts";
import type { Compiled } from "../model/index.ts";
import { CHECKS } from "./checks/index.ts";
import type { Check } from "./target-view.ts";
import { runCheck, viewTarget } from "./target-view.ts";

export interface VerifyInput {
  readonly compiled: Compiled;
  /** The built-in kinds and those of every chart's CRDs. */
  readonly kinds: KindRegistry;
  /** What rules are written in; has to be there where a cluster has rules. */
  readonly expressions?: Expressions;
}

/** Rules are in a language that is loaded only for platforms that have some. */
export async function loadRules({ targets }: Compiled): Promise<Pick<VerifyInput, "expressions">> {
  const wanted = targets.some(({ cluster }) => cluster.slots.some(({ slot }) => slot === "policy"));
  return wanted ? { expressions: await loadExpressions() } : {};
}

/** All findings; the same finding on several clusters is one finding that names them. */
export function verify(input: VerifyInput, checks: readonly Check[] = CHECKS): Diagnostic[] {
  const { compiled } = input;
  const found = new Map<string, { diagnostic: Diagnostic; targets: Set<string> }>();
  for (const target of compiled.targets) {
    const view = viewTarget(target, input);
    // Findings speak of the merged definition; a person wants the override that was merged in.
    const relocate = (found: Diagnostic): Diagnostic => ({
      ...found,
      path: target.plan.originOf(found.path),
    });
    for (const diagnostic of checks.flatMap((check) => runCheck(check, view)).map(relocate)) {
      const key = canonicalJson(diagnostic);
      const entry = found.get(key) ?? { diagnostic, targets: new Set() };
      entry.targets.add(target.cluster.target);
      found.set(key, entry);
    }
  }
  const everywhere = compiled.targets.length;
  return sortDiagnostics(
    [...found.values()].map(({ diagnostic, targets }) =>
      targets.size === everywhere ? diagnostic : onTargets(diagnostic, [...targets]),
    ),
  );
}

function onTargets(diagnostic: Diagnostic, targets: readonly string[]): Diagnostic {
  // A finding about a cluster or environment has named it already.
  if (["clusters", "environments"].some((place) => place === diagnostic.path[0])) return diagnostic;
  return { ...diagnostic, message: `${diagnostic.message} (${targets.join(", ")})` };
}
