// The status of a definition: accepted names, conditions NamesAccepted and Established, versions ever stored.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { recordAt, recordsAt, textAt } from "../validation/fields.ts";
import type { DefinitionNames, NamingOutcome } from "./accepted-names.ts";

type Scope = Readonly<Record<string, unknown>>;

export function namesOf(definition: KubernetesObject): DefinitionNames {
  // The schema of CustomResourceDefinition makes plural and kind required.
  return recordAt(recordAt(definition, "spec"), "names") as unknown as DefinitionNames;
}

export function storageVersionOf(definition: KubernetesObject): string {
  const versions = recordsAt(recordAt(definition, "spec"), "versions");
  const storage = versions.find((version) => version["storage"] === true);
  return storage === undefined ? "" : textAt(storage, "name");
}

/** What a new definition starts with. */
export function initialStatus(definition: KubernetesObject): Scope {
  return {
    conditions: null,
    acceptedNames: { plural: "", kind: "" },
    storedVersions: [storageVersionOf(definition)],
  };
}

export function isEstablished(definition: KubernetesObject): boolean {
  return recordsAt(recordAt(definition, "status"), "conditions").some(
    ({ type, status }) => type === "Established" && status === "True",
  );
}

export function isTerminating({ metadata }: KubernetesObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

export function statusAfterNaming(
  definition: KubernetesObject,
  { names, conflict }: NamingOutcome,
  now: string,
): Scope {
  const old = recordAt(definition, "status");
  const before = recordsAt(old, "conditions");
  const accepted =
    conflict === undefined
      ? condition("NamesAccepted", "True", "NoConflicts", "no conflicts found")
      : condition("NamesAccepted", "False", conflict.reason, conflict.message);
  const others = before.filter(({ type }) => type !== "NamesAccepted" && type !== "Established");
  const conditions = [accepted, established(definition, conflict !== undefined)];
  const stored = Array.isArray(old["storedVersions"]) ? old["storedVersions"].map(String) : [];
  const storage = storageVersionOf(definition);
  return {
    conditions: [...conditions.map((one) => dated(one, before, now)), ...others],
    acceptedNames: names,
    storedVersions: stored.includes(storage) ? stored : [...stored, storage],
  };
}

/** Once established, a definition stays so. */
function established(definition: KubernetesObject, hasConflict: boolean): Scope {
  if (hasConflict && !isEstablished(definition)) {
    return condition("Established", "False", "NotAccepted", "not all names are accepted");
  }
  const message = "the initial names have been accepted";
  return condition("Established", "True", "InitialNamesAccepted", message);
}

function condition(type: string, status: string, reason: string, message: string): Scope {
  return { type, status, reason, message };
}

/** The time of the last change of the status; an unchanged one keeps its time. */
function dated(one: Scope, before: readonly Scope[], now: string): Scope {
  const old = before.find(({ type }) => type === one["type"]);
  const isSame = old !== undefined && old["status"] === one["status"];
  return { ...one, lastTransitionTime: isSame ? old["lastTransitionTime"] : now };
}

/** The definition as it looks when its deletion begins. */
export function withTerminatingCondition(
  definition: KubernetesObject,
  now: string,
): KubernetesObject {
  const status = recordAt(definition, "status");
  const others = recordsAt(status, "conditions").filter(({ type }) => type !== "Terminating");
  const terminating = {
    ...condition(
      "Terminating",
      "True",
      "InstanceDeletionPending",
      "CustomResourceDefinition marked for deletion; CustomResource deletion will be initiated soon",
    ),
    lastTransitionTime: now,
  };
  return { ...definition, status: { ...status, conditions: [...others, terminating] } };
}
