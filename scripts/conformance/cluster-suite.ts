// What a suite is: many questions of one kind that judge no compiled tree, such as real clients of a running embedded cluster.

import type { GoPackage } from "./validator.ts";

export interface SuiteOutcome {
  readonly asked: number;
  readonly complaints: readonly string[];
  /** What could not be asked, and why. */
  readonly skips?: readonly string[];
}

export interface ClusterSuite {
  readonly name: string;
  /** The program it needs, where `--install` can build it. */
  readonly tool?: string;
  readonly install?: GoPackage;
  /** Asks about the blueprints that were chosen. */
  readonly aboutBlueprints?: boolean;
  /** A string says why it cannot run here. */
  run(): Promise<SuiteOutcome | string>;
}
