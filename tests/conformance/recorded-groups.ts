// The recorded groups of `oracle/`, each replayed against an embedded cluster of its own over HTTPS.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  createEmbeddedCluster,
  createRealClock,
  createRng,
  ensureCredentials,
  serveApi,
  serverHosts,
  type Clock,
} from "../../src/cluster/index.ts";
import type { Credentials } from "../../src/cluster/serve/index.ts";
import { REPOSITORY } from "../../scripts/run-command.ts";
import { startNodes } from "./oracle/nodes.mjs";
import { Client, compare, runCase } from "./oracle/replay.mjs";
import type { Case } from "./oracle/replay.mjs";

export type { Case };

export interface RecordedGroup {
  readonly group: string;
  readonly cases: readonly Case[];
}

const FOLDER = join(REPOSITORY, "tests", "conformance", "oracle");

/** Their cases look at or change what all cases of a cluster share: node taints, the default class, the list of groups. */
const SERIAL = new Set(["discovery", "kubectl", "namespace", "scheduler", "storage"]);

/** Most of a replay is waiting for controllers; more than this only makes two cores wait for each other. */
const GROUPS_PARALLEL = 6;
const CASES_PARALLEL = 8;

/** Serial and with a process per step: begun first, so that nothing waits for it at the end. */
const FIRST = "kubectl";

export function readGroups(): readonly RecordedGroup[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  const sorted = files.toSorted();
  const ordered = [...sorted.filter(isFirst), ...sorted.filter((file) => !isFirst(file))];
  return ordered.map((file): RecordedGroup => JSON.parse(readFileSync(join(FOLDER, file), "utf8")));
}

const isFirst = (file: string): boolean => file === `${FIRST}.json`;

/** What differed from the recording, by group and case; a case that could not be replayed rejects. */
export interface Replay {
  differences(group: string, name: string): Promise<readonly string[]>;
  /** Resolves when the group's cluster is gone. */
  ended(group: string): Promise<void>;
}

/** Begins at once, in the order given; the cases are awaited one by one. */
export async function replayGroups(
  groups: readonly RecordedGroup[],
  kubectl: string | undefined,
): Promise<Replay> {
  const clock = createRealClock();
  const now = clock.now();
  const credentials = ensureCredentials({
    stateDirectory: undefined,
    now,
    hosts: serverHosts(),
  });
  const groupLanes = createLanes(GROUPS_PARALLEL);
  const running = new Map(
    groups.map((recorded) => {
      const replay = replayGroup(recorded, { clock, credentials, kubectl, groupLanes });
      return [recorded.group, replay] as const;
    }),
  );
  return {
    differences: async (group, name) => (await running.get(group)?.cases.get(name)) ?? [],
    ended: async (group) => running.get(group)?.ended,
  };
}

interface ReplayContext {
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly kubectl: string | undefined;
  readonly groupLanes: Lanes;
}

interface GroupReplay {
  readonly cases: ReadonlyMap<string, Promise<readonly string[]>>;
  readonly ended: Promise<void>;
}

function replayGroup({ group, cases }: RecordedGroup, context: ReplayContext): GroupReplay {
  const lane = context.groupLanes.enter();
  const served = lane.then(() => serveCluster(group, context));
  const lanes = createLanes(SERIAL.has(group) ? 1 : CASES_PARALLEL);
  const replayed = new Map(
    cases.map((kase) => [kase.name, replayCase(kase, served, lanes)] as const),
  );
  const end = async (): Promise<void> => {
    await Promise.allSettled(replayed.values());
    await (await served).close();
  };
  const ended = lane.then((leave) => end().finally(leave));
  // Tests await these later; until then a failure is nobody's unhandled rejection.
  for (const promise of [...replayed.values(), ended]) promise.catch(() => undefined);
  return { cases: replayed, ended };
}

async function replayCase(
  kase: Case,
  serving: Promise<ServedForReplay>,
  lanes: Lanes,
): Promise<readonly string[]> {
  const { client, kubectl, workDir } = await serving;
  const leave = await lanes.enter();
  try {
    return compare(kase, (await runCase(client, kase, { kubectl, workDir })).answers);
  } finally {
    leave();
  }
}

interface ServedForReplay {
  readonly client: Client;
  readonly kubectl: string | undefined;
  readonly workDir: string;
  close(): Promise<void>;
}

/** Without nodes of its own: the recordings were made with simulated ones that answer at once. */
async function serveCluster(
  group: string,
  { clock, credentials, kubectl }: ReplayContext,
): Promise<ServedForReplay> {
  const workDir = mkdtempSync(join(tmpdir(), `keelson-oracle-${group}-`));
  const rootCa = credentials.authority.certificatePem;
  const ca = join(workDir, "ca.crt");
  writeFileSync(ca, rootCa);
  const rng = createRng(`oracle/${group}`);
  // As the recorded server was started: without a metrics API, and with anonymous requests.
  const cluster = createEmbeddedCluster({
    name: "oracle",
    clock,
    rng,
    nodes: [],
    rootCa,
    metrics: false,
  });
  const served = { name: "oracle", port: 0, clock, credentials, anonymous: true };
  const api = await serveApi(cluster.context, served);
  await cluster.start();
  const client = new Client({ baseUrl: api.url, token: api.token, ca });
  const nodes = await startNodes(client);
  return {
    client,
    kubectl,
    workDir,
    async close() {
      nodes.stop();
      client.agent.destroy();
      cluster.stop();
      await api.close();
      rmSync(workDir, { recursive: true, force: true });
    },
  };
}

interface Lanes {
  /** Resolves when a lane is free, in the order asked, with the function that leaves it. */
  enter(): Promise<() => void>;
}

function createLanes(count: number): Lanes {
  const waiting: (() => void)[] = [];
  let free = count;
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    async enter() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return leave;
    },
  };
}
