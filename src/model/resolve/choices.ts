// Which component fills each slot and serves each kind of intent on one cluster, with its options settled.

import { invariant } from "../../core/index.ts";
import type {
  AnyProvider,
  AnySlotFiller,
  ClusterFacts,
  ResolveContext,
  SlotFacts,
} from "../contracts/component.ts";
import type { Abilities, PlannedCluster, ProviderChoice, SlotChoice } from "../contracts/plan.ts";
import {
  INTENT_KINDS,
  type ProviderKey,
  type ServedBy,
  type ServedPlace,
} from "../intents/intent-kinds.ts";
import { intentAt } from "../intents/served-intents.ts";
import type { ParsedSlot } from "../parse/parsed-definition.ts";
import { noProvider } from "../plan-diagnostics.ts";
import { providersOf, slotFillers } from "../registry.ts";
import type { Resolution } from "./resolve-plan.ts";

export interface Filled {
  readonly choice: SlotChoice;
  readonly component: AnySlotFiller;
}

export interface Provided {
  readonly choice: ProviderChoice;
  readonly component: AnyProvider;
}

export interface Choices {
  readonly cluster: ClusterFacts & Pick<PlannedCluster, "slots" | "providers">;
  /** In slot order, then by key; the same order as `cluster.slots`. */
  readonly filled: readonly Filled[];
  readonly provided: readonly Provided[];
}

export function choose(resolution: Resolution, facts: ClusterFacts): Choices {
  const slots = resolution.registry.slots.flatMap((slot) => fill(resolution, facts, slot));
  const providers = [
    ...chooseAppProvider(resolution),
    ...INTENT_KINDS.flatMap(({ providers: keys, place }) =>
      keys.flatMap((serves) => chooseProvider(resolution, serves, place)),
    ),
  ];
  const settled = settle(resolution, facts, slots, providers);
  for (const { component, choice } of [...settled.filled, ...settled.provided]) {
    const notice = component.notice?.(choice.path);
    if (notice !== undefined) resolution.report(notice);
  }
  return settled;
}

function fill(resolution: Resolution, facts: ClusterFacts, slot: SlotFacts): Filled[] {
  const { environment } = resolution;
  const written = environment.settings.slots.filter((filled) => filled.slot.name === slot.name);
  const chosen = written.length > 0 ? written : fallback(resolution, facts, slot);
  return chosen.map(({ key, component, options, path }) => ({
    component,
    choice: {
      slot: slot.name,
      ...(key === undefined ? {} : { key }),
      component: component.name,
      ...abilitiesOf(component, options),
      options,
      path: environment.originOf(path),
    },
  }));
}

function fallback(
  { registry, environment }: Resolution,
  facts: ClusterFacts,
  slot: SlotFacts,
): ParsedSlot[] {
  const tagged = environment.settings.emptied.has(slot.name) ? undefined : slot.fallback?.(facts);
  if (tagged === undefined) return [];
  const { kind, ...written } = tagged;
  const component = slotFillers(registry, slot.name).find(({ name }) => name === kind);
  invariant(component, `the fallback of ${slot.name} is registered: ${kind}`);
  const additive = slot.cardinality === "additive";
  const path = additive ? [slot.name, kind] : [slot.name];
  const options = readDefaults(component, written);
  return [{ slot, component, options, path, ...(additive ? { key: kind } : {}) }];
}

/** There is one way to run an app; a person does not choose it. */
function chooseAppProvider({ registry, environment }: Resolution): Provided[] {
  if (environment.settings.apps.size === 0) return [];
  const [component] = providersOf(registry, "app");
  invariant(component, "a component runs apps");
  return [provide("app", component, readDefaults(component, {}), ["apps"])];
}

/** The one that was written, or where something is to be served the first that is registered. */
function chooseProvider(
  { registry, environment, report }: Resolution,
  serves: ServedBy,
  place: ServedPlace,
): Provided[] {
  const { settings, originOf } = environment;
  const written = settings.providers.find((provider) => provider.serves === serves);
  if (written !== undefined) {
    return [provide(serves, written.component, written.options, originOf(written.path))];
  }
  const isAsked = [...settings[place].values()].some(
    (asked) => intentAt(place).servedBy(asked) === serves,
  );
  if (!isAsked) return [];
  const [component] = providersOf(registry, serves);
  if (component === undefined) {
    report(noProvider([place], { serves }));
    return [];
  }
  return [provide(serves, component, readDefaults(component, {}), [place])];
}

function provide(
  serves: ProviderKey,
  component: AnyProvider,
  options: unknown,
  path: ProviderChoice["path"],
): Provided {
  const choice = {
    serves,
    component: component.name,
    ...abilitiesOf(component, options),
    options,
    path,
  };
  return { component, choice };
}

function abilitiesOf(component: AnySlotFiller | AnyProvider, options: unknown): Abilities {
  const { provides, needs = [] } = component;
  const missing = component.leavesOut?.(options) ?? [];
  return { provides: provides.filter((ability) => !missing.includes(ability)), needs };
}

function readDefaults({ name, options }: AnySlotFiller | AnyProvider, written: unknown): unknown {
  const read = options.read(written, [], {
    report: ({ message }) => invariant(false, `${name} has a default for every option: ${message}`),
  });
  invariant(read !== undefined, `${name} reads its defaults`);
  return read;
}

/** Lets each component complete its options, one after the other; each sees what was settled before it. */
function settle(
  { report }: Resolution,
  facts: ClusterFacts,
  slots: readonly Filled[],
  providers: readonly Provided[],
): Choices {
  const filled = [...slots];
  const provided = [...providers];
  const cluster = (): Choices["cluster"] => ({
    ...facts,
    slots: filled.map(({ choice }) => choice),
    providers: provided.map(({ choice }) => choice),
  });
  const complete = (
    component: AnySlotFiller | AnyProvider,
    { options, path }: SlotChoice | ProviderChoice,
  ): unknown => {
    const context: ResolveContext = { cluster: cluster(), path, report };
    return component.resolve === undefined ? options : component.resolve(context, options);
  };
  for (const [index, { component, choice }] of slots.entries()) {
    filled[index] = { component, choice: { ...choice, options: complete(component, choice) } };
  }
  for (const [index, { component, choice }] of providers.entries()) {
    provided[index] = { component, choice: { ...choice, options: complete(component, choice) } };
  }
  return { cluster: cluster(), filled, provided };
}
