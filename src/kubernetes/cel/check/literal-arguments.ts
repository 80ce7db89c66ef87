// Literals that cannot work are refused before anything runs: `matches("(")`, `duration("x")`, `timestamp("y")` (cel-go
// cel/validator.go, as Kubernetes turns them on).

import type { CelIssue } from "../cel-issue.ts";
import { compileRegex } from "../regex/regex.ts";
import { childrenOf } from "../syntax/children.ts";
import type { CallNode, Node } from "../syntax/node.ts";
import { readDuration, readTimestamp } from "../values/instants.ts";

/** The problem of a literal argument, in words. */
type Judge = (text: string) => string | undefined;

const JUDGES: Readonly<Record<string, Judge>> = {
  duration: (text) => (readDuration(text) === undefined ? "invalid duration argument" : undefined),
  timestamp: (text) =>
    readTimestamp(text) === undefined ? "invalid timestamp argument" : undefined,
  matches: (text) =>
    typeof compileRegex(text) === "string" ? "invalid matches argument" : undefined,
};

export function checkLiterals(root: Node): readonly CelIssue[] {
  const issues: CelIssue[] = [];
  visit(root, (node) => {
    if (node.is === "call") judge(node, issues);
  });
  return issues;
}

function judge({ name, args, target }: CallNode, issues: CelIssue[]): void {
  const argument = args[name === "matches" && target === undefined ? 1 : 0];
  if (argument?.is !== "literal" || typeof argument.value !== "string") return;
  const message = JUDGES[name]?.(argument.value);
  if (message !== undefined) issues.push({ at: argument.at, message });
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const child of childrenOf(node)) visit(child, see);
}
