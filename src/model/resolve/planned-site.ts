// The site a cluster stands at, as components see it.

import { invariant } from "../../core/index.ts";
import type { PlannedSite } from "../contracts/plan.ts";
import type { ParsedDefinition } from "../parse/parsed-definition.ts";

export function plannedSite({ sites }: ParsedDefinition, name: string): PlannedSite {
  const site = sites.get(name);
  invariant(site, `the parser knows the site ${name}`);
  const { component, options, path } = site;
  return { name, kind: component.name, origin: path, ...component.facts(options) };
}
