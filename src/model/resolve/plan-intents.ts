// What people asked for, with every default explicit. Sorted by name.

import type { Unbound } from "../contracts/component.ts";
import type { PlannedApp, PlannedIntent, PlannedRole } from "../contracts/plan.ts";
import { atEachPlace, intentAt } from "../intents/served-intents.ts";
import type { ServedPlace } from "../intents/intent-kinds.ts";
import type { Choices } from "./choices.ts";
import { planApp } from "./plan-app.ts";
import type { Resolution } from "./resolve-plan.ts";

export interface Intents {
  /** Without bindings. */
  readonly apps: readonly PlannedApp[];
  readonly served: Readonly<Record<ServedPlace, readonly Unbound<PlannedIntent>[]>>;
  readonly roles: readonly PlannedRole[];
}

/** What nobody serves was reported, and is left out. */
export function planIntents(resolution: Resolution, choices: Choices): Intents {
  const { cluster } = choices;
  const { settings, originOf } = resolution.environment;
  return {
    apps: [...settings.apps].map(([name, app]) => planApp(resolution, choices, name, app)),
    served: atEachPlace((place) =>
      [...settings[place]]
        .filter(([, asked]) => {
          const provider = intentAt(place).servedBy(asked);
          return cluster.providers.some(({ serves }) => serves === provider);
        })
        .map(([name, asked]) =>
          intentAt(place).plan(cluster, { name, origin: originOf([place, name]) }, asked),
        ),
    ),
    roles: [...settings.roles].map(([name, role]) => ({
      name,
      ...role,
      origin: originOf(["roles", name]),
    })),
  };
}
