// MySQL as a process: the system's MariaDB, which speaks its protocol, or MySQL itself. Jobs that use the image's tools run
// with those of the system.

import type { Pod } from "../../../kubernetes/index.ts";
import type {
  LocalContext,
  LocalForm,
  LocalMachine,
  LocalProvider,
  PreparedLocal,
} from "../../../model/index.ts";
import { hasLabels, isImage } from "../../local/pod-of.ts";
import { scriptForm } from "../../local/script-form.ts";
import { systemProgram, type SystemProgram } from "../../local/system-program.ts";
import { DATA_NAMESPACE } from "../data-namespace.ts";
import { SERVER_SCRIPT } from "./local-server.ts";

const SYSTEM = "MySQL";
/** Debian and Red Hat keep servers out of a person's PATH; Homebrew and MySQL's own packages have folders of theirs. */
const FOLDERS = [
  "/usr/sbin",
  "/usr/libexec",
  "/usr/local/sbin",
  "/opt/homebrew/opt/mariadb/bin",
  "/opt/homebrew/opt/mysql/bin",
  "/usr/local/mysql/bin",
];
const VERSION = /Ver (\S+)/;

interface Server extends SystemProgram {
  /** Makes an empty data folder; the server itself for MySQL. */
  readonly installer: string;
  readonly name: "MariaDB" | "MySQL";
}

export const mysqlLocal: LocalProvider = {
  async prepare({ cluster, machine }: LocalContext): Promise<PreparedLocal> {
    const server = machine.platform === "win32" ? NO_SHELL : await findServer(machine);
    if (typeof server === "string") return simulated(server);
    const databases = cluster.databases.filter(({ provider }) => provider === "mysql");
    const owner = machine.serverUser;
    const forms = new Map<string, LocalForm>();
    for (const { name } of databases) {
      const data = await machine.dataFolder(`${DATA_NAMESPACE}/${name}`, owner);
      forms.set(name, {
        command: [
          "/bin/sh",
          "-c",
          SERVER_SCRIPT,
          "mysql",
          server.path,
          server.installer,
          `${data}/data`,
        ],
        directory: data,
        ...(owner === undefined ? {} : { user: owner }),
      });
    }
    const tools = await dumpTools(machine);
    const note = server.name === "MySQL" ? "" : ` for MySQL ${databases[0]?.version ?? ""}`;
    const text = `${server.name} ${server.version} (${server.path})${note}`;
    return {
      find: (pod, container) =>
        serverForm(pod, forms) ??
        (tools !== undefined && isImage(container, "mysql")
          ? scriptForm(container, { path: tools })
          : undefined),
      statements: [
        { system: SYSTEM, outcome: "process", text },
        ...(tools === undefined ? [NO_DUMPS] : []),
      ],
    };
  },
};

const NO_SHELL = "its data folder is made by a POSIX shell";
const NO_DUMPS = {
  system: "MySQL dumps",
  outcome: "simulated",
  text: "neither mysqldump nor mariadb-dump is installed",
} as const;

function simulated(text: string): PreparedLocal {
  return { find: () => undefined, statements: [{ system: SYSTEM, outcome: "simulated", text }] };
}

/** A server that can be set up, or why there is none. */
async function findServer(machine: LocalMachine): Promise<Server | string> {
  const mariadb = await systemProgram(machine, "mariadbd", { folders: FOLDERS, version: VERSION });
  if (mariadb !== undefined) {
    const installer = await machine.findProgram("mariadb-install-db", [mariadb.directory]);
    const printer = await machine.findProgram("my_print_defaults", [mariadb.directory]);
    if (installer === undefined || printer === undefined)
      return `${mariadb.path} is installed without ${installer === undefined ? "mariadb-install-db" : "my_print_defaults, which mariadb-install-db needs"}`;
    return { ...mariadb, installer, name: "MariaDB" };
  }
  const mysql = await systemProgram(machine, "mysqld", { folders: FOLDERS, version: VERSION });
  if (mysql === undefined) return "neither mariadbd nor mysqld is installed";
  return { ...mysql, installer: mysql.path, name: "MySQL" };
}

/** A PATH in which `mysqldump` is found; newer MariaDB has it by another name only. */
async function dumpTools(machine: LocalMachine): Promise<string | undefined> {
  if ((await machine.findProgram("mysqldump")) !== undefined) return machine.path;
  const path = await machine.findProgram("mariadb-dump", FOLDERS);
  if (path === undefined) return undefined;
  const folder = await machine.executable("mysqldump", `#!/bin/sh\nexec "${path}" "$@"\n`);
  return `${folder}:${machine.path}`;
}

function serverForm(pod: Pod, forms: ReadonlyMap<string, LocalForm>): LocalForm | undefined {
  const instance = pod.metadata.labels?.["app.kubernetes.io/instance"] ?? "";
  const labels = { "app.kubernetes.io/name": "mysql", "app.kubernetes.io/instance": instance };
  return hasLabels(pod, DATA_NAMESPACE, labels) ? forms.get(instance) : undefined;
}
