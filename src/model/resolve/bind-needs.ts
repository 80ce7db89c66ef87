// Asks each provider how consumers reach what it serves, and hands the answer to every app that needs it.

import { groupBy, invariant } from "../../core/index.ts";
import type { ResolveContext, Unbound } from "../contracts/component.ts";
import type {
  AppBinding,
  Binding,
  PlannedApp,
  PlannedBucket,
  PlannedDatabase,
  PlannedIntent,
  PlannedNamespace,
  PlannedQueue,
} from "../contracts/plan.ts";
import { notListening } from "../plan-diagnostics.ts";
import type { Choices } from "./choices.ts";
import type { Intents } from "./plan-intents.ts";
import type { Resolution } from "./resolve-plan.ts";

export interface BoundIntents {
  readonly apps: readonly PlannedApp[];
  readonly databases: readonly PlannedDatabase[];
  readonly queues: readonly PlannedQueue[];
  readonly buckets: readonly PlannedBucket[];
  /** The apps' own. */
  readonly namespaces: readonly PlannedNamespace[];
}

type Bind = (intent: PlannedIntent) => Binding;

export function bindNeeds(
  resolution: Resolution,
  choices: Choices,
  { apps, databases, queues, buckets }: Intents,
): BoundIntents {
  const bind = binderOf(resolution, choices);
  const withBinding = <Intent extends Unbound<PlannedIntent>>(intent: Intent) => ({
    ...intent,
    binding: bind(intent),
  });
  const served = {
    databases: databases.map(withBinding),
    queues: queues.map(withBinding),
    buckets: buckets.map(withBinding),
  };
  const data = [...served.databases, ...served.queues, ...served.buckets];
  const answers = groupBy<Answer, string>(
    [...data, ...apps.map((app) => ({ name: app.name, binding: bind(app), app }))],
    ({ name }) => name,
  );
  return {
    ...served,
    apps: apps.map((app) => ({ ...app, bindings: bindingsOf(resolution, app, answers) })),
    namespaces: apps.map(({ namespace, origin }) => ({
      name: namespace,
      tenancy: "app",
      podSecurity: "restricted",
      origin,
    })),
  };
}

function binderOf({ report }: Resolution, { cluster, provided }: Choices): Bind {
  const providers = new Map(provided.map((provider) => [provider.choice.intent, provider]));
  return (intent) => {
    const provider = providers.get(intent.kind);
    invariant(provider, `something provides ${intent.kind} ${intent.name}`);
    const { component, choice } = provider;
    const context: ResolveContext = { cluster, path: choice.path, report };
    const { kind, name, origin } = intent;
    return { ...component.bind(context, intent, choice.options), intent: { kind, name, origin } };
  };
}

/** What a name in `needs` may turn out to be. */
interface Answer {
  readonly name: string;
  readonly binding: Binding;
  readonly app?: PlannedApp;
}

function bindingsOf(
  { environment, report }: Resolution,
  consumer: PlannedApp,
  answers: ReadonlyMap<string, readonly Answer[]>,
): AppBinding[] {
  const needs = environment.settings.apps.get(consumer.name)?.needs ?? [];
  return needs.flatMap((need, index) => {
    const origin = environment.originOf(["apps", consumer.name, "needs", index]);
    const answer = answers.get(need)?.find(({ app }) => app !== consumer);
    invariant(answer, `the parser knows what ${need} is`);
    if (answer.app !== undefined && answer.app.port === undefined) {
      report(notListening(origin, { app: need }));
      return [];
    }
    return [{ origin, binding: answer.binding }];
  });
}
