// What a suite against a running embedded cluster is: real clients, asked from outside.

export interface SuiteOutcome {
  readonly asked: number;
  readonly complaints: readonly string[];
}

export interface ClusterSuite {
  readonly name: string;
  /** A string says why it cannot run here. */
  run(): Promise<SuiteOutcome | string>;
}
