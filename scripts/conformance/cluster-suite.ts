// What a suite is: many questions of one kind that judge no compiled tree, such as real clients of a running embedded cluster.

export interface SuiteOutcome {
  readonly asked: number;
  readonly complaints: readonly string[];
  /** What could not be asked, and why. */
  readonly skips?: readonly string[];
}

export interface ClusterSuite {
  readonly name: string;
  /** Asks about the blueprints that were chosen. */
  readonly aboutBlueprints?: boolean;
  /** A string says why it cannot run here. */
  run(): Promise<SuiteOutcome | string>;
}
