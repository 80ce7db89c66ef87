// PostgreSQL as a process: the system's server, else npm's binaries, else PGlite's socket server. Jobs that use the image's
// tools run with those of the system, where it has any that can read the server.

import type { Container, Pod } from "../../../kubernetes/index.ts";
import type {
  LocalContext,
  LocalForm,
  LocalMachine,
  LocalProvider,
  LocalStatement,
  LocalUser,
  PlannedCluster,
  PlannedDatabase,
  PreparedLocal,
} from "../../../model/index.ts";
import { hasLabels, isImage } from "../../local/pod-of.ts";
import {
  embeddedPrograms,
  systemPrograms,
  type PostgresPrograms,
} from "../../local/postgres-programs.ts";
import { scriptForm } from "../../local/script-form.ts";
import { DATA_NAMESPACE } from "../data-namespace.ts";
import { READY_WRAPPER, readyProgram, SERVER_SCRIPT } from "./local-server.ts";

const SYSTEM = "PostgreSQL";
/** The oldest that knows everything the definition's versions are used for; 13 ended in 2025. */
const MAJOR_MIN = 14;
const PGLITE_VERSION = "0.5.14";
const PGLITE_SOCKET_VERSION = "0.2.17";

/** Makes the form of one database's server, once it is known where its data lies. */
interface Server {
  readonly major: number;
  readonly statement: LocalStatement;
  /** Whose the data is, where it is not this process's. */
  readonly owner?: LocalUser;
  formFor(data: string): LocalForm;
}

export const postgresLocal: LocalProvider = {
  async prepare({ cluster, machine }: LocalContext): Promise<PreparedLocal> {
    const server = await findServer(cluster, machine);
    if ("reason" in server) {
      const statement = { system: SYSTEM, outcome: "simulated", text: server.reason } as const;
      return { find: () => undefined, statements: [statement] };
    }
    const forms = await serverForms(cluster, machine, server);
    const tools = await systemPrograms(machine, "pg_dump", server.major);
    return {
      find: (pod, container) => serverForm(pod, forms) ?? toolForm(container, machine, tools),
      statements: [server.statement, ...toolStatements(tools, server)],
    };
  },
};

async function findServer(
  cluster: PlannedCluster,
  machine: LocalMachine,
): Promise<Server | { readonly reason: string }> {
  const reasons: string[] = [];
  const wanted = wantedMajor(cluster);
  for (const look of [systemServer, embeddedServer, pgliteServer]) {
    try {
      const server = await look(machine, wanted);
      if (server !== undefined) return server;
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  const failed = reasons.length === 0 ? "" : ` (${reasons.join("; ")})`;
  return { reason: `no server is installed and none can be${failed}` };
}

const ours = ({ databases }: PlannedCluster): PlannedDatabase[] =>
  databases.filter(({ provider }) => provider === "postgres");
const wantedMajor = (cluster: PlannedCluster): number => Number(ours(cluster)[0]?.version ?? 0);

async function systemServer(machine: LocalMachine, wanted: number): Promise<Server | undefined> {
  if (machine.platform === "win32") return undefined;
  const programs = await systemPrograms(machine, "initdb", MAJOR_MIN);
  return programs && binaryServer(machine, programs, wanted);
}

async function embeddedServer(machine: LocalMachine, wanted: number): Promise<Server | undefined> {
  const programs = await embeddedPrograms(machine);
  return programs && binaryServer(machine, programs, wanted);
}

async function binaryServer(
  machine: LocalMachine,
  programs: PostgresPrograms,
  wanted: number,
): Promise<Server> {
  const { directory, major, from } = programs;
  const ready = await machine.findProgram("pg_isready", [directory]);
  const wrapped = ready === undefined ? readyProgram(nodeOf(machine)) : READY_WRAPPER;
  const wrappers = await machine.executable("pg_isready", wrapped);
  const source = from === "npm" ? "binaries from npm" : directory;
  const note = major === wanted ? "" : `; the definition asks for ${wanted}`;
  const { serverUser: owner } = machine;
  return {
    major,
    ...(owner === undefined ? {} : { owner }),
    statement: { system: SYSTEM, outcome: "process", text: `${major} (${source})${note}` },
    formFor: (data) => ({
      command: ["/bin/sh", "-c", SERVER_SCRIPT, "postgres", directory, `${data}/${major}`],
      directory: data,
      environment: {
        PATH: `${wrappers}:${directory}:${machine.path}`,
        ...(ready === undefined ? {} : { PG_ISREADY: ready }),
      },
      ...(owner === undefined ? {} : { user: owner }),
    }),
  };
}

/** Node itself: the first word of every program of ours. */
const nodeOf = (machine: LocalMachine): string => machine.program("")[0] ?? "node";

async function pgliteServer(machine: LocalMachine): Promise<Server> {
  const folder = await machine.install({
    name: "pglite",
    version: PGLITE_VERSION,
    packages: [
      `@electric-sql/pglite@${PGLITE_VERSION}`,
      `@electric-sql/pglite-socket@${PGLITE_SOCKET_VERSION}`,
    ],
  });
  const wrappers = await machine.executable("pg_isready", readyProgram(nodeOf(machine)));
  const script = `${folder}/node_modules/@electric-sql/pglite-socket/dist/scripts/server.js`;
  const limits = "one session shared by all connections, no roles, any password";
  return {
    major: 18,
    statement: {
      system: SYSTEM,
      outcome: "process",
      text: `18 (PGlite ${PGLITE_VERSION}: ${limits})`,
    },
    formFor: (data) => ({
      command: [
        nodeOf(machine),
        script,
        `--db=${data}/pglite`,
        "--host=$(HOST)",
        "--port=5432",
        "--max-connections=20",
      ],
      directory: data,
      environment: { PATH: `${wrappers}:${machine.path}` },
    }),
  };
}

/** Pods by the labels of the server's StatefulSet. */
async function serverForms(
  cluster: PlannedCluster,
  machine: LocalMachine,
  server: Server,
): Promise<ReadonlyMap<string, LocalForm>> {
  const forms = new Map<string, LocalForm>();
  for (const database of ours(cluster)) {
    const data = await machine.dataFolder(`${DATA_NAMESPACE}/${database.name}`, server.owner);
    forms.set(database.name, server.formFor(data));
  }
  return forms;
}

function serverForm(pod: Pod, forms: ReadonlyMap<string, LocalForm>): LocalForm | undefined {
  const instance = pod.metadata.labels?.["app.kubernetes.io/instance"] ?? "";
  const labels = { "app.kubernetes.io/name": "postgresql", "app.kubernetes.io/instance": instance };
  return hasLabels(pod, DATA_NAMESPACE, labels) ? forms.get(instance) : undefined;
}

/** Any other container of the image: a dump, a restore, a migration. */
function toolForm(
  container: Container,
  machine: LocalMachine,
  tools: PostgresPrograms | undefined,
): LocalForm | undefined {
  if (tools === undefined || !isImage(container, "postgres")) return undefined;
  return scriptForm(container, { path: `${tools.directory}:${machine.path}` });
}

function toolStatements(tools: PostgresPrograms | undefined, { major }: Server): LocalStatement[] {
  if (tools !== undefined) return [];
  const text = `no pg_dump ${major} or newer on this machine; npm has none that can read a real server`;
  return [{ system: "database dumps", outcome: "simulated", text }];
}
