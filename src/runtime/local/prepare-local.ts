// What of one target runs as processes: the apps with a `dev`, and the systems of every component in use that has a local
// provider. A target without such apps stays simulated as a whole and pays nothing.

import type { FindLocalProcess, HostPort, LeftOver, ProcessLine } from "../../cluster/index.ts";
import type { Pod } from "../../kubernetes/index.ts";
import type {
  AnyComponent,
  LocalContext,
  LocalStatement,
  PlannedApp,
  PlannedCluster,
  PreparedLocal,
} from "../../model/index.ts";
import { intentsOf } from "../../model/index.ts";
import type { SpanRecord } from "../telemetry/index.ts";
import { appForms, findAppForm, type AppForm, type AppFormOptions } from "./app-forms.ts";

export interface LocalOptions extends AppFormOptions {
  /** Of the process agent, below it one folder a target. Absolute. */
  readonly folder: string;
  /** What every process starts with, beside PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables of an app's process in a pod: where its telemetry goes. */
  readonly appEnvironment?: (app: PlannedApp, pod: Pod) => Readonly<Record<string, string>>;
  /** Where the API of a target listens, for processes that ask it. */
  readonly apiServer?: (target: string) => HostPort | undefined;
  readonly onLeftOver: (leftOver: LeftOver) => void;
  readonly onLogLine?: (line: ProcessLine) => void;
  /** What the proxies of a mesh did with a request. */
  readonly onMeshSpan?: (span: SpanRecord) => void;
}

export interface LocalTarget {
  readonly find: FindLocalProcess;
  readonly apps: readonly AppForm[];
  readonly statements: readonly LocalStatement[];
}

export async function prepareLocal(
  cluster: PlannedCluster,
  components: readonly AnyComponent[],
  options: LocalOptions,
): Promise<LocalTarget | undefined> {
  const own = appForms(cluster.apps, options);
  if (own.statements.length === 0) return undefined;
  const { statements } = own;
  // Services run for real for apps that do.
  if (own.forms.every(({ form }) => form === undefined))
    return { find: () => undefined, apps: [], statements };
  const systems = await prepareSystems(components, { cluster, machine: options.machine });
  return {
    find: (pod, container) => {
      const app = findAppForm(own.forms, pod, container);
      if (app !== undefined) return withEnvironment(app, pod, options);
      for (const { find } of systems) {
        const form = find(pod, container);
        if (form !== undefined) return form;
      }
      return undefined;
    },
    apps: own.forms,
    statements: [...statements, ...systems.flatMap((one) => one.statements)],
  };
}

function withEnvironment(
  { app, form }: AppForm,
  pod: Pod,
  { appEnvironment }: LocalOptions,
): AppForm["form"] {
  if (form === undefined) return undefined;
  return { ...form, environment: { ...form.environment, ...appEnvironment?.(app, pod) } };
}

/** A provider that was chosen and serves nothing runs nothing. */
function isUsed(component: AnyComponent, cluster: PlannedCluster): boolean {
  return component.family !== "provider" || intentsOf(cluster, component.serves).length > 0;
}

const injects = (component: AnyComponent): boolean =>
  component.family === "slot" && component.inject !== undefined;

/** Two components may share a provider, which is asked once. */
async function prepareSystems(
  components: readonly AnyComponent[],
  context: LocalContext,
): Promise<readonly PreparedLocal[]> {
  const loaded = await Promise.all(
    components
      .filter((component) => isUsed(component, context.cluster))
      // What is injected into the pods of others is found before those take every container for their own.
      .toSorted((a, b) => Number(injects(b)) - Number(injects(a)))
      .map(async (component) => ("local" in component ? component.local?.() : undefined)),
  );
  const providers = new Set(loaded.filter((provider) => provider !== undefined));
  return Promise.all([...providers].map((provider) => provider.prepare(context)));
}
