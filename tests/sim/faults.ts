// What goes wrong beside the network: connections break, history is forgotten, the process ends, the power goes, the disk
// fails.

import type { Rng } from "../../src/core/index.ts";
import type { MemoryDirectory } from "../../src/cluster/store/testing/memory-directory.ts";
import type { FaultRates } from "./faulty-api.ts";
import type { Life } from "./life.ts";

export interface FaultContext {
  readonly rng: Rng;
  readonly directory: MemoryDirectory;
  readonly life: Life;
  /** Ends this life and begins another with this disk. */
  readonly restart: (directory: MemoryDirectory) => Promise<void>;
}

export type Fault = (context: FaultContext) => Promise<void> | void;

const cutWatches: Fault = ({ life, rng }) => life.network.cutWatches(rng.next());

/** Whoever watches from further back is told 410 when it comes again. */
const forgetHistory: Fault = ({ life, rng }) => {
  const { store, network } = life;
  store.compact(store.revision - rng.below(20));
  network.cutWatches(rng.next());
};

/** Kill, not goodbye: what is on its way to the disk may be torn, what is under way never comes back. */
const losePower: Fault = ({ directory, rng, restart }) => restart(directory.powerCut(rng));

/** Controllers stop in the middle of what they do; what is written stays. */
const startAnew: Fault = ({ directory, restart }) => restart(directory);

/** The disk refuses from now on; the process gives up, and somebody mends the disk. */
const failDisk: Fault = ({ directory, rng, restart, life }) => {
  const broken = new Error("simulated: the disk fails");
  if (rng.below(2) === 0) directory.faults.syncError = broken;
  else directory.faults.writeError = broken;
  life.store.compact(life.store.revision);
  return restart(directory.powerCut(rng));
};

const writeShort: Fault = ({ directory, rng }) => {
  directory.faults.writeBytesMax = rng.below(2) === 0 ? undefined : 1 + rng.below(300);
};

export const FAULTS: Readonly<Record<string, Fault>> = {
  "cut watches": cutWatches,
  "forget history": forgetHistory,
  "lose power": losePower,
  "start anew": startAnew,
  "fail disk": failDisk,
  "write short": writeShort,
};

/** Each of them is absent in half of the runs. */
export function drawRates(rng: Rng): FaultRates {
  const draw = (max: number): number => (rng.below(2) === 0 ? 0 : rng.next() * max);
  return {
    conflict: draw(0.2),
    refused: draw(0.1),
    lostAnswer: draw(0.1),
    slow: draw(0.5),
    stale: draw(0.7),
  };
}
