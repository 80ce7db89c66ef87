// Which PostgreSQL is taken, what is said about it, and which containers get a form; on machines that exist only here.

import { describe, expect, it } from "vitest";

import type { Pod } from "../../../kubernetes/index.ts";
import type { LocalMachine, PlannedCluster, PreparedLocal } from "../../../model/index.ts";
import { postgresLocal } from "./local.ts";

interface Machine {
  /** Path → what `--version` prints. */
  readonly programs: Readonly<Record<string, string>>;
  readonly platform?: string;
  readonly offline?: true;
  readonly isRoot?: true;
}

function machineOf({ programs, platform = "linux", offline, isRoot }: Machine): LocalMachine {
  return {
    platform,
    architecture: "x64",
    path: "/usr/bin",
    serverUser: isRoot === true ? { uid: 101, gid: 104 } : undefined,
    findProgram: async (name, directories = []) =>
      [...directories, "/usr/bin"].map((one) => `${one}/${name}`).find((path) => path in programs),
    list: async (directory) => (directory === "/usr/lib/postgresql" ? ["15", "17"] : []),
    run: async ([program = ""]) => programs[program],
    install: async ({ name }) => {
      if (offline === true) throw new Error("npm: the registry cannot be reached");
      return `/cache/${name}`;
    },
    dataFolder: async (name) => `/state/${name}`,
    executable: async () => "/state/bin",
    program: (name) => ["/usr/bin/node", "main.js", name],
  };
}

/** What is read of a plan. */
const CLUSTER = {
  databases: [{ name: "orders", provider: "postgres", version: "18" }],
} as unknown as PlannedCluster;
const prepare = (machine: Machine): Promise<PreparedLocal> =>
  postgresLocal.prepare({ cluster: CLUSTER, machine: machineOf(machine) });

const system = (major: number, ...names: string[]): Record<string, string> =>
  Object.fromEntries(
    names.map((name) => [
      `/usr/lib/postgresql/${major}/bin/${name}`,
      `${name} (PostgreSQL) ${major}.4`,
    ]),
  );
const TOOLS = ["initdb", "pg_isready", "pg_dump"];

const pod = (name: string): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "orders-0",
    namespace: "data",
    labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": "orders" },
  },
  spec: { containers: [] },
});
const SERVER = { name: "postgresql", image: "docker.io/library/postgres:18.6" };
const DUMP = { ...SERVER, name: "dump", command: ["/bin/sh", "-c", "pg_dump x"] };

describe("local PostgreSQL", () => {
  it.each([
    [
      "the newest of the system",
      { programs: { ...system(15, ...TOOLS), ...system(17, ...TOOLS) } },
      /^17 .*definition asks for 18$/,
    ],
    ["npm's binaries without one", { programs: {} }, /^18 \(binaries from npm\)$/],
    [
      "npm's binaries for a system's that is too old",
      { programs: system(15, "pg_dump") },
      /^18 \(binaries/,
    ],
    [
      "PGlite where there are no binaries",
      { programs: {}, platform: "win32" },
      /^18 \(PGlite .*one session/,
    ],
    ["nothing without a registry", { programs: {}, offline: true as const }, /cannot be reached/],
  ])("takes %s", async (_name, machine, text) => {
    const [first] = (await prepare(machine)).statements;
    expect(first?.text).toMatch(text);
    expect(first?.outcome).toBe("offline" in machine ? "simulated" : "process");
  });

  it("runs dumps only with tools as new as the server", async () => {
    const able = await prepare({ programs: system(17, ...TOOLS) });
    expect(able.find(pod("database-dump"), DUMP)?.environment?.["PATH"]).toMatch(
      /^\/usr\/lib\/postgresql\/17\/bin:/,
    );
    const unable = await prepare({ programs: system(15, "pg_dump") });
    expect(unable.find(pod("database-dump"), DUMP)).toBeUndefined();
    expect(unable.statements.at(-1)).toMatchObject({
      system: "database dumps",
      outcome: "simulated",
    });
  });

  it("starts the server as somebody else for root, and as oneself otherwise", async () => {
    const programs = system(17, ...TOOLS);
    const asRoot = await prepare({ programs, isRoot: true });
    expect(asRoot.find(pod("postgresql"), SERVER)?.user).toEqual({ uid: 101, gid: 104 });
    const form = (await prepare({ programs })).find(pod("postgresql"), SERVER);
    expect(form?.user).toBeUndefined();
    expect(form?.command.slice(-2)).toEqual([
      "/usr/lib/postgresql/17/bin",
      "/state/data/orders/17",
    ]);
  });
});
