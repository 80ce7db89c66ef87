// What a validator is: a real tool of the field, the parts of a compiled tree it can judge, and how it is asked.

import type { CompiledTree } from "./compiled-tree.ts";

export const NO_PUBLISHED_SCHEMAS =
  "needs published schemas: set KEELSON_TEST_DATA to a folder that has them";

/** One question to a tool: exit code 0 means that the target is fine. */
export interface Question {
  /** What is judged, relative to the tree. */
  readonly target: string;
  readonly args: readonly string[];
  /** Why this one cannot be asked here; it is counted as skipped. */
  readonly skip?: string;
  /** Default: the tree's root. */
  readonly cwd?: string;
  /** Given on standard input. */
  readonly input?: string;
}

export interface Validator {
  /** What it checks, e.g. `kubeconform`; several may use one tool. */
  readonly name: string;
  /** Name of the program. */
  readonly tool: string;
  /** How `--install` builds it; absent when Go cannot. */
  readonly install?: GoPackage;
  /** Where else it comes from, for the line that says it is skipped. */
  readonly source?: string;
  /** Everything in the tree it has an opinion on; a string says why it cannot judge this tree here. */
  questions(tree: CompiledTree): Promise<readonly Question[] | string>;
  /** After the last question: ends what `questions` started. */
  finish?(): Promise<void>;
}

export interface GoPackage {
  readonly path: string;
  readonly version: string;
}
