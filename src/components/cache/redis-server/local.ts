// The cache as a process: the system's Valkey or Redis server, with the words its container would get.

import type { Pod } from "../../../kubernetes/index.ts";
import type {
  LocalContext,
  LocalForm,
  LocalMachine,
  LocalProvider,
  PreparedLocal,
} from "../../../model/index.ts";
import { hasLabels } from "../../local/pod-of.ts";
import { serverArguments, START_SCRIPT } from "./arguments.ts";
import { CACHE_NAMESPACE, REDIS_PORT } from "../server.ts";

const SYSTEM = "Redis";
const PAIRS = [
  { server: "valkey-server", client: "valkey-cli" },
  { server: "redis-server", client: "redis-cli" },
];

export const redisLocal: LocalProvider = {
  async prepare({ cluster, machine }: LocalContext): Promise<PreparedLocal> {
    const programs = machine.platform === "win32" ? undefined : await findPrograms(machine);
    if (programs === undefined) {
      const text = "neither valkey-server nor redis-server is installed, with its client";
      return {
        find: () => undefined,
        statements: [{ system: SYSTEM, outcome: "simulated", text }],
      };
    }
    const path = `${await wrappersOf(machine, programs)}:${machine.path}`;
    const forms = new Map<string, LocalForm>();
    for (const cache of cluster.caches) {
      const data = await machine.dataFolder(`${CACHE_NAMESPACE}/${cache.name}`);
      const words = ["--bind", "$(HOST)", "--port", String(REDIS_PORT)];
      forms.set(cache.name, {
        command: [
          "/bin/sh",
          "-c",
          START_SCRIPT,
          "valkey",
          ...words,
          ...serverArguments(cache, data),
        ],
        directory: data,
        environment: { PATH: path },
      });
    }
    return {
      find: (pod) => serverForm(pod, forms),
      statements: [
        { system: SYSTEM, outcome: "process", text: await versionOf(machine, programs) },
      ],
    };
  },
};

interface Programs {
  readonly server: string;
  readonly client: string;
}

async function findPrograms(machine: LocalMachine): Promise<Programs | undefined> {
  for (const pair of PAIRS) {
    const server = await machine.findProgram(pair.server);
    const client = await machine.findProgram(pair.client);
    if (server !== undefined && client !== undefined) return { server, client };
  }
  return undefined;
}

/** The names of the image's programs, and the address of the pod for that of the container. */
async function wrappersOf(machine: LocalMachine, { server, client }: Programs): Promise<string> {
  await machine.executable("valkey-server", `#!/bin/sh\nexec "${server}" "$@"\n`);
  return machine.executable("valkey-cli", `#!/bin/sh\nexec "${client}" -h "$HOST" "$@"\n`);
}

async function versionOf(machine: LocalMachine, { server }: Programs): Promise<string> {
  const version = /v=(\S+)/.exec((await machine.run([server, "--version"])) ?? "")?.[1];
  return `${version ?? "of unknown version"} (${server})`;
}

function serverForm(pod: Pod, forms: ReadonlyMap<string, LocalForm>): LocalForm | undefined {
  const instance = pod.metadata.labels?.["app.kubernetes.io/instance"] ?? "";
  const labels = { "app.kubernetes.io/name": "valkey", "app.kubernetes.io/instance": instance };
  return hasLabels(pod, CACHE_NAMESPACE, labels) ? forms.get(instance) : undefined;
}
