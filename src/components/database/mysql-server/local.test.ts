// Which server stands in for MySQL, what is said about it, and which containers get a form; on machines that exist only here.

import { describe, expect, it } from "vitest";

import type { Pod } from "../../../kubernetes/index.ts";
import type { LocalMachine, PlannedCluster, PreparedLocal } from "../../../model/index.ts";
import { mysqlLocal } from "./local.ts";

function machineWith(programs: readonly string[], platform = "linux"): LocalMachine {
  return {
    platform,
    architecture: "x64",
    path: "/usr/bin",
    serverUser: { uid: 101, gid: 104 },
    findProgram: async (name, directories = []) =>
      [...directories, "/usr/bin"]
        .map((one) => `${one}/${name}`)
        .find((path) => programs.includes(path)),
    list: async () => [],
    run: async ([program = ""]) =>
      program.endsWith("mariadbd")
        ? "mariadbd  Ver 10.11.19-MariaDB for linux"
        : "mysqld  Ver 8.4.9 for Linux",
    install: async () => "/cache",
    dataFolder: async (name) => `/state/${name}`,
    executable: async () => "/state/bin",
    program: (name) => ["/usr/bin/node", "main.js", name],
  };
}

const CLUSTER = {
  databases: [
    { name: "orders", provider: "mysql", version: "8.4" },
    { name: "ledger", provider: "postgres", version: "18" },
  ],
} as unknown as PlannedCluster;

const prepare = (programs: readonly string[], platform?: string): Promise<PreparedLocal> =>
  mysqlLocal.prepare({ cluster: CLUSTER, machine: machineWith(programs, platform) });

const MARIADB = ["/usr/sbin/mariadbd", "/usr/bin/mariadb-install-db", "/usr/bin/my_print_defaults"];

const podOf = (instance: string): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: `${instance}-0`,
    namespace: "data",
    labels: { "app.kubernetes.io/name": "mysql", "app.kubernetes.io/instance": instance },
  },
  spec: { containers: [] },
});

describe("local MySQL", () => {
  it.each([
    {
      name: "MariaDB",
      programs: MARIADB,
      text: /^MariaDB 10\.11\S+ \(\/usr\/sbin\/mariadbd\) for MySQL 8\.4$/,
    },
    {
      name: "MySQL itself",
      programs: ["/usr/sbin/mysqld"],
      text: /^MySQL 8\.4\.9 \(\/usr\/sbin\/mysqld\)$/,
    },
    { name: "nothing", programs: [], text: /^neither/ },
    { name: "half of MariaDB", programs: MARIADB.slice(0, 1), text: /without mariadb-install-db$/ },
    {
      name: "MariaDB without what sets it up",
      programs: MARIADB.slice(0, 2),
      text: /without my_print_defaults/,
    },
    { name: "no shell", programs: MARIADB, platform: "win32", text: /shell/ },
  ])("$name", async ({ programs, platform, text }) => {
    const { statements, find } = await prepare(programs, platform);
    expect(statements[0]?.text).toMatch(text);
    const runs = statements[0]?.outcome === "process";
    expect(runs).toBe(/^(MariaDB|MySQL)/.test(statements[0]?.text ?? ""));
    expect(find(podOf("orders"), { name: "mysql" }) !== undefined).toBe(runs);
  });

  it("runs as who may, for its own databases only, and dumps where it has the tool", async () => {
    const { find, statements } = await prepare([...MARIADB, "/usr/bin/mariadb-dump"]);
    expect(find(podOf("orders"), { name: "mysql" })).toMatchObject({
      directory: "/state/data/orders",
      user: { uid: 101, gid: 104 },
    });
    expect(find(podOf("ledger"), { name: "mysql" })).toBeUndefined();
    const dump = {
      name: "dump",
      image: "docker.io/library/mysql:8.4.9",
      command: ["bash", "-c", "x y"],
    };
    expect(find(podOf("other"), dump)?.environment?.["PATH"]).toBe("/state/bin:/usr/bin");
    expect(statements).toHaveLength(1);
    expect((await prepare(MARIADB)).statements).toMatchObject([{}, { outcome: "simulated" }]);
  });
});
