// One run: operations and faults at random while safety is checked; then the faults stop, and within an hour of cluster
// time everything must have come to rest as it should be; then the cluster is started again and must be the same.

import { createRng, createVirtualClock } from "../../src/core/index.ts";
import type { Rng, VirtualClock } from "../../src/core/index.ts";
import { createMemoryDirectory } from "../../src/cluster/store/testing/memory-directory.ts";
import type { MemoryDirectory } from "../../src/cluster/store/testing/memory-directory.ts";
import { loadExpressions, StatusError } from "../../src/kubernetes/index.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import { CHECKERS } from "./checkers/checkers.ts";
import type { Phase, World } from "./checkers/checker.ts";
import { drawRates, FAULTS } from "./faults.ts";
import type { FaultContext } from "./faults.ts";
import { NO_FAULTS } from "./faulty-api.ts";
import type { FaultRates } from "./faulty-api.ts";
import { KINDS } from "./kinds.ts";
import { beginLife } from "./life.ts";
import type { Life } from "./life.ts";
import { namespace, widgetDefinition } from "./manifests.ts";
import { heal, NAMESPACES, OPERATIONS } from "./operations.ts";
import { drawWeights, pickWeighted, type Weights } from "./swarm.ts";
import { createWitness, keyOf, type Witness } from "./witness.ts";

export interface RunOptions {
  readonly seed: number;
  /** Rounds of operations, with time between them. */
  readonly ticks?: number;
  /** Default true. */
  readonly faults?: boolean;
}

export interface RunResult {
  readonly seed: number;
  /** Empty when all is well. */
  readonly violations: readonly string[];
  /** Where it was when the first was found. */
  readonly tick: number;
  /** Over every event that a client watching everything was told. */
  readonly digest: string;
  readonly writes: number;
}

const START = Date.parse("2026-03-01T08:00:00Z");
const TICKS = 40;
const MINUTE_MS = 60_000;
const REST_MS = 60 * MINUTE_MS;
const QUIET_MS = 10 * MINUTE_MS;
/** Far above what anything that is driven takes. */
const DRIVE_MAX_MS = 60 * MINUTE_MS;

interface Run extends FaultContext {
  readonly clock: VirtualClock;
  readonly rng: Rng;
  readonly witness: Witness;
  readonly operations: Weights;
  readonly faults: Weights;
  readonly violations: string[];
  /** Writes that were answered: object → revision. */
  readonly acknowledged: Map<string, number>;
  directory: MemoryDirectory;
  life: Life;
  rates: FaultRates;
  lives: number;
}

export async function simulate(options: RunOptions): Promise<RunResult> {
  const { seed, ticks = TICKS, faults = true } = options;
  const run = await begin(seed, faults);
  let tick = 0;
  try {
    for (; tick < ticks && run.violations.length === 0; tick += 1) {
      await oneTick(run, faults);
      await check(run, "safety");
    }
    if (run.violations.length === 0) await comeToRest(run);
    if (run.violations.length === 0) await startAgain(run);
  } catch (error) {
    run.violations.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  run.life.die();
  const { violations, witness } = run;
  return { seed, violations, tick, digest: witness.digest(), writes: witness.writes };
}

async function begin(seed: number, faults: boolean): Promise<Run> {
  // Virtual time does not wait for modules.
  await loadExpressions();
  const rng = createRng(`sim/${seed}`);
  const clock = createVirtualClock(START);
  const syncMs = [0, 1, 5, 20][rng.below(4)] ?? 0;
  const syncDelay = (): Promise<void> => (syncMs === 0 ? Promise.resolve() : clock.sleep(syncMs));
  const directory = createMemoryDirectory(new Map(), syncDelay);
  const rates = { now: NO_FAULTS };
  const life = await drive(
    clock,
    beginLife({ directory, clock, rng: rng.fork("life/0"), rates: () => rates.now }),
  );
  const witness = createWitness();
  const run: Run = {
    clock,
    rng,
    witness,
    operations: drawWeights(Object.keys(OPERATIONS), rng.fork("operations")),
    faults: drawWeights(Object.keys(FAULTS), rng.fork("faults")),
    violations: [],
    acknowledged: new Map(),
    directory,
    life,
    lives: 1,
    get rates() {
      return rates.now;
    },
    set rates(next) {
      rates.now = next;
    },
    restart: (next) => restart(run, next),
  };
  await drive(clock, life.cluster.api.create(widgetDefinition()));
  for (const name of NAMESPACES) await drive(clock, life.cluster.api.create(namespace(name)));
  await drive(clock, witness.follow(life.cluster.api));
  if (faults) run.rates = drawRates(rng.fork("rates"));
  return run;
}

/** The process is gone; another begins with what is on the disk. */
async function restart(run: Run, directory: MemoryDirectory): Promise<void> {
  run.witness.lose();
  run.life.die();
  // With its own disk it ends in good order.
  if (directory === run.directory) await drive(run.clock, run.life.store.close());
  run.directory = directory;
  const rng = run.rng.fork(`life/${run.lives}`);
  run.lives += 1;
  const { clock } = run;
  run.life = await drive(clock, beginLife({ directory, clock, rng, rates: () => run.rates }));
  const { revision } = run.life.store;
  const latest = Math.max(0, ...run.acknowledged.values());
  if (revision < latest) run.violations.push(`revision ${latest} was acknowledged and is lost`);
  if (revision < run.witness.revision) {
    run.violations.push(`a watch was told of revision ${run.witness.revision}, which is lost`);
  }
  await drive(clock, run.witness.follow(run.life.cluster.api));
}

async function oneTick(run: Run, faults: boolean): Promise<void> {
  const { rng, clock } = run;
  const count = 1 + rng.below(6);
  for (let index = 0; index < count; index += 1) {
    operate(run, pickWeighted(run.operations, rng));
    if (rng.below(3) === 0) await clock.advanceBy(rng.below(200));
  }
  if (faults && rng.below(3) === 0) {
    // Not at a moment of rest: writes are on their way to the disk.
    await clock.advanceBy(rng.below(30));
    await FAULTS[pickWeighted(run.faults, rng)]?.(run);
  }
  await clock.advanceBy([500, 5_000, 20_000, 4 * MINUTE_MS][rng.below(4)] ?? 0);
}

function operate(run: Run, name: string): void {
  const { life, rng, clock } = run;
  const done = OPERATIONS[name]?.({ api: life.cluster.api, rng, now: () => clock.now() });
  void done?.then(
    (object) => void (object && !life.ended && acknowledge(run, object)),
    (error: unknown) => {
      // A dying process answers anything; a living one refuses with a Status.
      if (error instanceof StatusError || life.ended) return;
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      run.violations.push(`${name}: ${why}`);
    },
  );
}

function acknowledge(run: Run, object: KubernetesObject): void {
  const revision = Number(object.metadata.resourceVersion ?? 0);
  run.acknowledged.set(`${object.kind} ${keyOf(object)}`, revision);
}

async function check(run: Run, phase: Phase): Promise<void> {
  const world = await observe(run);
  run.violations.push(...run.life.errors);
  for (const checker of CHECKERS) {
    if (checker.phase === "rest" && phase !== "rest") continue;
    const found = checker.check(world);
    run.violations.push(...found.map((violation) => `${checker.name}: ${violation}`));
  }
}

async function observe(run: Run): Promise<World> {
  const { clock, life, witness } = run;
  await clock.settle();
  const lists = new Map(
    await drive(
      clock,
      Promise.all(
        KINDS.map(async (kind) => [kind, (await life.cluster.api.list(kind)).items] as const),
      ),
    ),
  );
  await clock.settle();
  const objects = [...lists.values()].flat();
  return { lists, objects, life, witness };
}

async function comeToRest(run: Run): Promise<void> {
  const { clock, life, witness, rng } = run;
  run.rates = NO_FAULTS;
  await drive(clock, heal({ api: life.cluster.api, rng, now: () => clock.now() }));
  await clock.advanceBy(REST_MS);
  const before = witness.writes;
  await clock.advanceBy(QUIET_MS);
  if (witness.writes > before) {
    const told = witness.recent.slice(before - witness.writes).join(", ");
    run.violations.push(`no write at rest: ${witness.writes - before} writes: ${told}`);
  }
  await check(run, "rest");
}

/** The same objects are there, and the controllers find nothing to do. */
async function startAgain(run: Run): Promise<void> {
  const { clock, witness } = run;
  const before = contentsOf(await observe(run));
  const writes = witness.writes;
  await restart(run, run.directory);
  await clock.advanceBy(QUIET_MS);
  const after = contentsOf(await observe(run));
  for (const [key, text] of before) {
    if (after.get(key) !== text) run.violations.push(`state survives a restart: ${key} differs`);
  }
  if (after.size !== before.size || witness.writes > writes) {
    const told = witness.recent.slice(writes - witness.writes).join(", ");
    run.violations.push(`nothing is written after a restart at rest: ${told}`);
  }
}

function contentsOf({ lists }: World): ReadonlyMap<string, string> {
  const entries = [...lists].flatMap(([{ kind }, items]) =>
    kind === "Lease"
      ? []
      : items.map((item) => [`${kind} ${keyOf(item)}`, JSON.stringify(item)] as const),
  );
  return new Map(entries);
}

/** Lets time pass until it is done. */
async function drive<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  let isDone = false;
  const mark = (): void => void (isDone = true);
  work.then(mark, mark);
  const outcome = await clock.runUntil(() => isDone, { withinMs: DRIVE_MAX_MS });
  if (outcome !== "met") throw new Error(`what was waited for never happened (${outcome})`);
  return work;
}
