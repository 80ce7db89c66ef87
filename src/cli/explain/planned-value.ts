// The plan's value for a path of the definition: what was written, completed with defaults.

import type { Path } from "../../core/index.ts";
import { valueAt } from "../../core/index.ts";
import { intentsAt, type PlannedCluster, type PlannedIntent } from "../../model/index.ts";

export interface PlannedValue {
  readonly value: unknown;
  /** Where a person would write it. */
  readonly path: Path;
}

export function plannedValue(cluster: PlannedCluster, path: Path): PlannedValue {
  const [place = "", name, ...rest] = path;
  const intents = intentsAt(cluster, place);
  if (intents !== undefined) {
    const intent = intents.find((candidate) => candidate.name === name);
    return { value: valueAt(asWritten(intent), rest), path };
  }
  if (place === "clusters" && name === cluster.name) {
    const { network, nodes, substrate } = cluster;
    return { value: valueAt({ network, nodes, substrate: substrate.displayName }, rest), path };
  }
  if (place === "providers") {
    const choice = cluster.providers.find(({ serves }) => serves === name);
    return { value: valueAt(withKind(choice), rest), path };
  }
  return slotValue(cluster, path);
}

/** In a definition, `kind` of a database is its engine; of other intents there is none. */
function asWritten(intent: PlannedIntent | undefined): unknown {
  if (intent === undefined) return undefined;
  const { kind, provider, ...settings } = intent;
  return kind === "database" ? { kind: provider, ...settings } : settings;
}

/** An additive slot has its key between the slot and the options. */
function slotValue({ slots }: PlannedCluster, path: Path): PlannedValue {
  const [slot, key] = path;
  const same = slots.filter((choice) => choice.slot === slot);
  const keyed = same.find((choice) => choice.key !== undefined && choice.key === key);
  const choice = keyed ?? same.find((candidate) => candidate.key === undefined);
  if (choice === undefined) return { value: undefined, path };
  return { value: valueAt(withKind(choice), path.slice(keyed ? 2 : 1)), path };
}

function withKind(
  choice: { readonly component: string; readonly options: unknown } | undefined,
): unknown {
  if (choice === undefined) return undefined;
  const options = typeof choice.options === "object" ? choice.options : {};
  return { kind: choice.component, ...options };
}
