// What a benchmark is: one or two contenders that are run the same way, and the figures read off each run.

/** Everything one run yields; a row of the table picks one by name. */
export type Figures = Readonly<Record<string, number>>;

export type Unit = "ms" | "bytes" | "per second" | "count";

/** One program that does the work, always in a process of its own. */
export interface Contender {
  /** As the table names it: `keelson`, `cdk8s 2.70`. */
  readonly label: string;
  /** Once, before the first run; not measured. */
  prepare?(): Promise<void>;
  /** One cold run. Rejects with `Unavailable` when it cannot be done on this machine. */
  run(): Promise<Figures>;
}

export interface Row {
  readonly what: string;
  readonly figure: string;
  readonly unit: Unit;
  /** What we promise on two cores; a rate is a floor, everything else a ceiling. */
  readonly budget?: number;
  /** The peer's figure, when it is not the one of the same name. */
  readonly peerFigure?: string;
  /** A figure for something this machine cannot run, with where it is from. */
  readonly reference?: string;
}

export interface BenchCase {
  readonly name: string;
  readonly keelson: Contender;
  readonly peer?: Contender;
  readonly rows: readonly Row[];
}

/** The case cannot be run here, and why; it is printed, never hidden. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}
