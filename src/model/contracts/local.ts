// How a component's system runs as real processes of a developer's machine, for its own containers and for those of jobs
// that use its tools. The manifests stay what every other cluster gets.

import type { Container, Pod } from "../../kubernetes/index.ts";
import type { PlannedCluster } from "./plan.ts";

/** What runs in the place of a container. */
export interface LocalForm {
  /** Replaces entry point, command and arguments. Never read by a shell. */
  readonly command: readonly string[];
  /** Absolute. */
  readonly directory: string;
  /** Beside the container's own variables, which win. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: LocalUser;
}

export interface LocalUser {
  readonly uid: number;
  readonly gid: number;
}

/** Undefined: the container has no local form, and its pod is simulated. */
export type FindLocalForm = (pod: Pod, container: Container) => LocalForm | undefined;

/** npm packages at exact versions, installed once into the cache. */
export interface LocalPackage {
  /** Names the folder in the cache. */
  readonly name: string;
  readonly version: string;
  /** `name@version`. */
  readonly packages: readonly string[];
  /** A script of the packages that has to run afterwards, relative to the folder; none runs by itself. */
  readonly afterwards?: string;
}

/** The machine as local providers see it. */
export interface LocalMachine {
  /** `linux`, `darwin`, `win32` … and `x64`, `arm64` … */
  readonly platform: string;
  readonly architecture: string;
  readonly path: string;
  /** Set where servers that refuse to run as root have to run as somebody else. */
  readonly serverUser: LocalUser | undefined;
  /** Absolute path of the first of the programs that is found, in the directories first, then in PATH. */
  findProgram(name: string, directories?: readonly string[]): Promise<string | undefined>;
  /** Names of a directory's entries; none where it cannot be read. */
  list(directory: string): Promise<readonly string[]>;
  /** Standard output; undefined when the program failed. */
  run(command: readonly string[]): Promise<string | undefined>;
  /** The folder that holds `node_modules`; rejects with what npm said. */
  install(wanted: LocalPackage): Promise<string>;
  /** A folder of the service's own that survives restarts, for the server user if asked. */
  dataFolder(name: string, owner?: LocalUser): Promise<string>;
  /** Makes an executable on a path that every user may read; returns its folder. */
  executable(name: string, text: string): Promise<string>;
  /** One of the programs that come with Keelson, as a command. */
  program(name: string, ...parameters: readonly string[]): readonly string[];
}

export interface LocalContext {
  readonly cluster: PlannedCluster;
  readonly machine: LocalMachine;
}

/** What a person is told of one system. */
export interface LocalStatement {
  readonly system: string;
  readonly outcome: "process" | "simulated";
  /** Where it comes from and its limits, or why it is simulated. */
  readonly text: string;
}

export interface PreparedLocal {
  readonly find: FindLocalForm;
  readonly statements: readonly LocalStatement[];
}

export interface LocalProvider {
  /** Looks, installs and says; rejects only for what is our mistake. */
  prepare(context: LocalContext): Promise<PreparedLocal>;
}
