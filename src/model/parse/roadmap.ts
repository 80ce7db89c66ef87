// What a platform is to have, with its maturity in each environment: what no component writes yet is said by the checks, so
// that nothing a document asks for is passed over in silence.

import type { RoadmapItem } from "../definition.ts";
import type { Maturity } from "../contracts/plan.ts";
import { oneOf } from "../schema/choice.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import type { Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";

export interface RoadmapSettings {
  readonly what: string;
  readonly maturity: Maturity;
}

export const roadmapSchema: Schema<RoadmapItem, RoadmapSettings> = object<
  RoadmapItem,
  RoadmapSettings
>({
  what: string(),
  maturity: optional(oneOf(["core", "optional", "roadmap"]), "roadmap"),
});
