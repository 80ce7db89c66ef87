// Asks each provider how consumers reach what it serves, and hands the answer to every app that needs it.

import { groupBy, invariant } from "../../core/index.ts";
import type { ResolveContext } from "../contracts/component.ts";
import type {
  AppBinding,
  Binding,
  PlannedApp,
  PlannedIntent,
  PlannedNamespace,
} from "../contracts/plan.ts";
import { SERVED_PLACES } from "../intents/intent-kinds.ts";
import { atEachPlace, type ServedByCluster } from "../intents/served-intents.ts";
import { notListening } from "../plan-diagnostics.ts";
import type { Choices } from "./choices.ts";
import { identityCloud } from "./identities.ts";
import type { Intents } from "./plan-intents.ts";
import type { Resolution } from "./resolve-plan.ts";

export interface BoundIntents extends ServedByCluster {
  readonly apps: readonly PlannedApp[];
  /** The apps' own. */
  readonly namespaces: readonly PlannedNamespace[];
}

type Bind = (intent: PlannedIntent) => Binding;
type Bound = PlannedIntent & { readonly binding: Binding };

export function bindNeeds(
  resolution: Resolution,
  choices: Choices,
  { apps, served: asked }: Intents,
): BoundIntents {
  const bind = binderOf(resolution, choices);
  // Each place's own planner made what is bound here.
  const served = atEachPlace<ServedByCluster>((place) =>
    asked[place].map((intent) => ({ ...intent, binding: bind(intent) })),
  );
  const data = SERVED_PLACES.flatMap((place): readonly Bound[] => served[place]);
  const answers = groupBy<Answer, string>(
    [...data, ...apps.map((app) => ({ name: app.name, binding: bind(app), app }))],
    ({ name }) => name,
  );
  return {
    ...served,
    apps: apps.map((app) => {
      const cloud = identityCloud(app, choices.cluster.substrate);
      const bindings = bindingsOf(resolution, app, answers);
      return {
        ...app,
        bindings: bindings.map((one) => ({ ...one, binding: actingAs(cloud, one.binding) })),
      };
    }),
    namespaces: apps.map(({ namespace, origin }) => ({
      name: namespace,
      tenancy: "app",
      podSecurity: "restricted",
      origin,
    })),
  };
}

/** Who acts as an identity of the cloud that serves something gets no credentials for it. */
function actingAs(cloud: string | undefined, binding: Binding): Binding {
  const { byIdentity } = binding;
  if (byIdentity === undefined || byIdentity.cloud !== cloud) return binding;
  return { ...binding, env: byIdentity.env, secrets: [] };
}

function binderOf({ report }: Resolution, { cluster, provided }: Choices): Bind {
  const providers = new Map(provided.map((provider) => [provider.choice.serves, provider]));
  return (intent) => {
    const provider = providers.get(intent.provider);
    invariant(provider, `something provides ${intent.kind} ${intent.name}`);
    const { component, choice } = provider;
    const context: ResolveContext = { cluster, path: choice.path, report };
    const { kind, provider: key, name, origin } = intent;
    const bound = component.bind(context, intent, choice.options);
    return { ...bound, intent: { kind, provider: key, name, origin } };
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
    // Nobody serves it, which was reported: the parser knows what every need is.
    if (answer === undefined) return [];
    if (answer.app !== undefined && answer.app.port === undefined) {
      report(notListening(origin, { app: need }));
      return [];
    }
    return [{ origin, binding: answer.binding }];
  });
}
