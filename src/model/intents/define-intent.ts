// What the model knows of one kind of intent: how a person writes it and what the plan makes of it.

import type { Path } from "../../core/index.ts";
import type { Unbound } from "../contracts/component.ts";
import type { PlannedIntent, ScaleMode, Versions } from "../contracts/plan.ts";
import type { Schema } from "../schema/schema.ts";
import type { ServedBy, ServedKind } from "./intent-kinds.ts";

export interface NamedIntent {
  readonly name: string;
  readonly origin: Path;
}

/** What defaults may depend on. */
export interface IntentFacts {
  readonly scale: ScaleMode;
  readonly versions: Versions;
}

export interface IntentType<Settings, Planned extends PlannedIntent> {
  readonly kind: ServedKind;
  readonly schema: Schema<unknown, Settings>;
  /** The key of `providers` that serves what was read. */
  servedBy(settings: Settings): ServedBy;
  plan(facts: IntentFacts, named: NamedIntent, settings: Settings): Unbound<Planned>;
}

export const defineIntent = <Settings, Planned extends PlannedIntent>(
  type: IntentType<Settings, Planned>,
): IntentType<Settings, Planned> => type;
