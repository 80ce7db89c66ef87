// Looking components up in the registry that is passed in.

import type {
  AnyComponent,
  AnyLink,
  AnyProvider,
  AnySite,
  AnySlotFiller,
  AnySubstrate,
  Registry,
  SlotFacts,
} from "./contracts/component.ts";
import type { ProviderKey } from "./intents/intent-kinds.ts";

export function slotFillers({ components }: Registry, slot: string): readonly AnySlotFiller[] {
  return components.filter(
    (component): component is AnySlotFiller =>
      component.family === "slot" && component.slot === slot,
  );
}

export function providersOf({ components }: Registry, serves: ProviderKey): readonly AnyProvider[] {
  return components.filter(
    (component): component is AnyProvider =>
      component.family === "provider" && component.serves === serves,
  );
}

export function substrates({ components }: Registry): readonly AnySubstrate[] {
  return components.filter(
    (component): component is AnySubstrate => component.family === "substrate",
  );
}

export function siteKinds({ components }: Registry): readonly AnySite[] {
  return components.filter((component): component is AnySite => component.family === "site");
}

export function linkKinds({ components }: Registry): readonly AnyLink[] {
  return components.filter((component): component is AnyLink => component.family === "link");
}

export function slotNamed({ slots }: Registry, name: string): SlotFacts | undefined {
  return slots.find((slot) => slot.name === name);
}

/** What a component is for, in the words of a message: `site`, `metrics component`, `database provider`. */
export function describeComponent(component: AnyComponent): string {
  switch (component.family) {
    case "slot":
      return `${component.slot} component`;
    case "provider":
      return `${component.serves} provider`;
    case "substrate":
      return "cluster";
    case "site":
    case "link":
      return component.family;
  }
}

/** What a kind is for that stands where it does not belong; undefined when nothing has that name. */
export function whereItBelongs({ components }: Registry, kind: string): string | undefined {
  const found = components.find(({ name }) => name === kind);
  return found && describeComponent(found);
}
