// One PlannedSecret for each id: where copies are needed, and which one provider owns it.

import type { Diagnostic } from "../../core/index.ts";
import { invariant } from "../../core/index.ts";
import type { SecretDemand } from "../contracts/component.ts";
import type { PlannedApp, PlannedSecret } from "../contracts/plan.ts";
import {
  ambiguousSecretProvider,
  contestedSecret,
  injectedVariable,
  missingSecretProvider,
} from "../plan-diagnostics.ts";
import { isInjected } from "../abilities.ts";
import { slotFillers } from "../registry.ts";
import type { Choices } from "./choices.ts";
import type { Surfaces } from "./gather-surfaces.ts";
import type { Resolution } from "./resolve-plan.ts";

/** Sorted by id. A secret that nobody needs a copy of is left out. */
export function planSecrets(
  resolution: Resolution,
  choices: Choices,
  apps: readonly PlannedApp[],
  surfaces: Surfaces,
): PlannedSecret[] {
  const copies = copiesOf(apps, surfaces);
  const demands = mergeDemands(
    [...surfaces.secrets, ...appDemands(apps, surfaces.secrets)],
    copies,
  );
  const stated = statedProviders(resolution);
  const secrets = demands
    .filter(({ namespaces }) => namespaces.length > 0)
    .flatMap((demand) => withProvider(resolution, choices, demand, stated.get(demand.id)));
  contested(secrets).forEach(resolution.report);
  injectedVariables(choices.cluster, apps).forEach(resolution.report);
  return secrets;
}

/** Namespaces that need a copy, by id of the secret. */
function copiesOf(apps: readonly PlannedApp[], { secretCopies }: Surfaces): Map<string, string[]> {
  const copies = new Map<string, string[]>();
  const add = (id: string, namespace: string): void => {
    const known = copies.get(id);
    if (known === undefined) copies.set(id, [namespace]);
    else known.push(namespace);
  };
  for (const { namespace, bindings } of apps) {
    for (const { binding } of bindings) binding.secrets.forEach((id) => add(id, namespace));
  }
  secretCopies.forEach(({ id, namespace }) => add(id, namespace));
  return copies;
}

/** What apps keep for themselves, unless the component that runs them asked for it in its own way. */
function appDemands(apps: readonly PlannedApp[], asked: readonly SecretDemand[]): SecretDemand[] {
  const known = new Set(asked.map(({ id }) => id));
  return apps.flatMap((app) =>
    app.secrets.flatMap(({ name, keys, origin }) => {
      const id = appSecretId(app.name, name);
      if (known.has(id)) return [];
      const description = `${name} of ${app.name}`;
      return [
        {
          id,
          name,
          type: "Opaque",
          namespaces: [app.namespace],
          keys: keys.map((key) => ({ key, source: "person" as const, description })),
          area: `apps/${app.name}` as const,
          origin,
        },
      ];
    }),
  );
}

/** Its path in the definition without `secrets`: `apps.storefront.payments`. */
function appSecretId(app: string, secret: string): string {
  return `apps.${app}.${secret}`;
}

function mergeDemands(
  demands: readonly SecretDemand[],
  copies: ReadonlyMap<string, readonly string[]>,
): SecretDemand[] {
  const merged = new Map<string, SecretDemand>();
  for (const demand of demands) {
    const first = merged.get(demand.id) ?? demand;
    const namespaces = [...first.namespaces, ...demand.namespaces];
    merged.set(demand.id, { ...first, namespaces });
  }
  for (const id of copies.keys()) {
    invariant(merged.has(id), `a component asks for the secret ${id} that others copy`);
  }
  return [...merged.values()]
    .map((demand) => ({
      ...demand,
      namespaces: distinct([...demand.namespaces, ...(copies.get(demand.id) ?? [])]),
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}

function withProvider(
  { registry, report }: Resolution,
  { cluster, filled }: Choices,
  demand: SecretDemand,
  stated: string | undefined,
): PlannedSecret[] {
  const keys = keysOf(cluster, "secretStore");
  const [only, ...others] = keys;
  const asked = demand.provider ?? stated;
  const provider = asked ?? (others.length === 0 ? only : besidesFirst(cluster, keys));
  if (provider !== undefined) {
    const storedAt = pathOf({ cluster, filled }, demand, provider);
    return [{ ...demand, provider, ...(storedAt === undefined ? {} : { storedAt }) }];
  }
  const { id: secret, origin } = demand;
  const fillers = slotFillers(registry, "secrets").map(({ name }) => name);
  report(
    only === undefined
      ? missingSecretProvider(origin, { secret, fillers })
      : ambiguousSecretProvider(origin, { secret, providers: keys }),
  );
  return [];
}

function keysOf({ slots }: Choices["cluster"], capability: string): string[] {
  return slots.flatMap(({ slot, key, provides }) =>
    slot === "secrets" && key !== undefined && provides.includes(capability) ? [key] : [],
  );
}

/** A store beside what carries the first secrets of a cluster: the latter has only what says so. */
function besidesFirst(cluster: Choices["cluster"], stores: readonly string[]): string | undefined {
  const first = keysOf(cluster, "firstSecrets");
  const [only, ...others] = stores.filter((key) => !first.includes(key));
  return others.length === 0 ? only : undefined;
}

function pathOf(
  { cluster, filled }: Pick<Choices, "cluster" | "filled">,
  { id }: SecretDemand,
  provider: string,
): string | undefined {
  const owner = filled.find(({ choice }) => choice.slot === "secrets" && choice.key === provider);
  return owner?.component.storedAt?.(cluster, { id }, owner.choice.options);
}

function injectedVariables(
  { slots }: Pick<Choices["cluster"], "slots">,
  apps: readonly PlannedApp[],
): Diagnostic[] {
  return apps.flatMap(({ name: app, secrets }) =>
    secrets.flatMap(({ name: secret, from: provider, mount, origin }) => {
      if (provider === undefined || mount === "file" || !isInjected({ slots }, provider)) return [];
      return [injectedVariable(origin, { app, secret, provider })];
    }),
  );
}

/** `from` of apps' own requests, by id. */
function statedProviders({ environment }: Resolution): ReadonlyMap<string, string> {
  const stated = new Map<string, string>();
  for (const [app, { secrets }] of environment.settings.apps) {
    for (const [name, { from }] of Object.entries(secrets)) {
      if (from !== undefined) stated.set(appSecretId(app, name), from);
    }
  }
  return stated;
}

function contested(secrets: readonly PlannedSecret[]): Diagnostic[] {
  const owners = new Map<string, PlannedSecret>();
  return secrets.flatMap((secret) =>
    secret.namespaces.flatMap((namespace) => {
      const { name, id, origin } = secret;
      const first = owners.get(`${namespace}/${name}`);
      owners.set(`${namespace}/${name}`, first ?? secret);
      if (first === undefined) return [];
      const facts = { namespace, name, ids: [first.id, id], first: first.origin };
      return [contestedSecret(origin, facts)];
    }),
  );
}
