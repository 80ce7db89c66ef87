// Revisions strictly increase, through all lives of the cluster.

import type { Checker } from "./checker.ts";

export const revisionsIncrease: Checker = {
  name: "revisions strictly increase",
  phase: "safety",
  check: ({ witness }) => witness.violations,
};
