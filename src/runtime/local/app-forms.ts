// The person's own apps as processes: `apps.<app>.dev` of the definition, in the place of the app's container.

import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

import type { Container, Pod } from "../../kubernetes/index.ts";
import { parseImageReference } from "../../model/index.ts";
import type {
  LocalForm,
  LocalMachine,
  LocalStatement,
  PlannedApp,
  PlannedDev,
} from "../../model/index.ts";

export interface AppFormOptions {
  readonly machine: LocalMachine;
  /** Relative directories start here: where the definition's file lies. */
  readonly definitionFolder: string;
  /** Names of apps whose inspector is opened. */
  readonly debug: ReadonlySet<string>;
}

export interface AppForm {
  readonly app: PlannedApp;
  readonly dev: PlannedDev;
  /** Of the image; absent: every tag that has no form of its own. */
  readonly tag?: string;
  /** Absolute. */
  readonly directory: string;
  /** Absent: the directory has nothing that could run, and pods of it are simulated. */
  readonly form?: LocalForm;
}

export interface AppForms {
  readonly forms: readonly AppForm[];
  readonly statements: readonly LocalStatement[];
}

/** Each pod has an address of its own, so the usual port is free. */
export const INSPECTOR_PORT = 9229;

export function appForms(apps: readonly PlannedApp[], options: AppFormOptions): AppForms {
  const forms: AppForm[] = [];
  const statements: LocalStatement[] = [];
  for (const app of apps) {
    if (app.dev === undefined) continue;
    for (const { tag, path } of versionsOf(app.dev)) {
      const { dev } = app;
      const directory = resolve(options.definitionFolder, path);
      const missing = whatIsOutside(app, dev) ?? whatIsMissing(directory);
      forms.push({
        app,
        dev,
        directory,
        ...(tag === undefined ? {} : { tag }),
        ...(missing === undefined ? { form: formOf(app, dev, directory, options) } : {}),
      });
      statements.push({
        system: tag === undefined ? app.name : `${app.name}:${tag}`,
        outcome: missing === undefined ? "process" : "simulated",
        text: missing ?? (tag === undefined ? dev.command.join(" ") : `from ${path}`),
      });
    }
  }
  return { forms, statements };
}

function versionsOf({ directory, versions }: PlannedDev): { tag?: string; path: string }[] {
  return [{ path: directory }, ...Object.entries(versions).map(([tag, path]) => ({ tag, path }))];
}

/** A process that waits for a server elsewhere would never be ready; `dev.env` may say what it should use instead. */
function whatIsOutside({ bindings }: PlannedApp, { env }: PlannedDev): string | undefined {
  const outside = bindings
    .map(({ binding }) => binding)
    .find(
      (one) =>
        one.endpoint.kind === "external" && !one.env.some(({ name }) => Object.hasOwn(env, name)),
    );
  if (outside === undefined || outside.endpoint.kind !== "external") return undefined;
  return `needs ${outside.intent.name} at ${outside.endpoint.name}, outside this machine; dev.env may name another`;
}

function whatIsMissing(directory: string): string | undefined {
  if (!existsSync(directory)) return `${directory} is not there`;
  const isPackage = existsSync(join(directory, "package-lock.json"));
  if (!isPackage || existsSync(join(directory, "node_modules"))) return undefined;
  return `its packages are not installed; npm ci --prefix ${directory}`;
}

/** By namespace and label, so that pods of every revision are found; each runs the version its image names. */
export function findAppForm(
  forms: readonly AppForm[],
  { metadata }: Pod,
  container: Container,
): AppForm | undefined {
  const own = forms.filter(
    ({ app }) =>
      metadata.namespace === app.namespace &&
      metadata.labels?.["app.kubernetes.io/name"] === app.name &&
      container.name === app.name,
  );
  const tag = parseImageReference(container.image ?? "")?.tag;
  return own.find((one) => one.tag === tag) ?? own.find((one) => one.tag === undefined);
}

function formOf(
  app: PlannedApp,
  dev: PlannedDev,
  directory: string,
  { machine, debug }: AppFormOptions,
): LocalForm {
  const command = debug.has(app.name) ? withInspector(dev.command) : dev.command;
  const own = Object.entries(dev.env).map(([name, value]) => `${name}=${value}`);
  return {
    // A container's variables win over those of its local form; `env` sets these after them.
    command: own.length === 0 ? command : ["env", ...own, ...command],
    directory,
    environment: {
      PATH: [join(directory, "node_modules", ".bin"), machine.path].join(delimiter),
      ...(debug.has(app.name) && !isNode(dev.command) ? { NODE_OPTIONS: "--inspect=0" } : {}),
    },
  };
}

const isNode = ([program = ""]: readonly string[]): boolean => /(^|\/)node$/.test(program);

function withInspector(command: readonly string[]): readonly string[] {
  if (!isNode(command)) return command;
  const [node = "node", ...rest] = command;
  return [node, `--inspect=$(KEELSON_POD_ADDRESS):${INSPECTOR_PORT}`, ...rest];
}
