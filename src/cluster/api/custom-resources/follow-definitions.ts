// Serves what CustomResourceDefinitions define, as soon as they are stored, and says so in their conditions.
// Mirrors the naming and establishing controllers of apiextensions-apiserver.

import { deepEqual, formatInstant } from "../../../core/index.ts";
import { kindsOfCrd } from "../../../kubernetes/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { revisionOf } from "../../store/index.ts";
import type { ApiContext } from "../api-context.ts";
import { recordAt, recordsAt, textAt } from "../validation/fields.ts";

type Scope = Readonly<Record<string, unknown>>;

const DEFINITIONS = "apiextensions.k8s.io/customresourcedefinitions";

export function followDefinitions(api: ApiContext): void {
  for (const definition of api.store.list({ resource: DEFINITIONS })) serve(api, definition);
  const after = api.store.revision;
  api.store.watch({ resource: DEFINITIONS, after }, (events) => {
    for (const { type, key, object, previous } of events) {
      if (type === "delete") api.registry.setCustom(key.name, [], "");
      else if (previous === undefined || previous["spec"] !== object["spec"]) serve(api, object);
      else if (!isAccepted(object)) serve(api, object);
    }
  });
}

/** Registers the kinds of a definition whose names nobody else has, then records the outcome. */
function serve(api: ApiContext, definition: KubernetesObject): void {
  const { name } = definition.metadata;
  const taken = takenName(api, definition);
  if (taken === undefined) {
    api.registry.setCustom(name, kindsOfCrd(definition), storageVersionOf(definition));
  }
  const current = api.store.get({ resource: DEFINITIONS, namespace: "", name });
  if (current === undefined) return;
  const status = statusOf(api, current, taken);
  if (deepEqual(status, current["status"])) return;
  const key = { resource: DEFINITIONS, namespace: "", name };
  api.store.put(key, { ...current, status }, revisionOf(current));
}

function storageVersionOf(definition: KubernetesObject): string {
  const spec = recordAt(definition, "spec");
  const version = recordsAt(spec, "versions").find(({ storage }) => storage === true);
  return `${textAt(spec, "group")}/${version === undefined ? "" : textAt(version, "name")}`;
}

/** A sentence about the first name that another resource of the group uses already. */
function takenName(api: ApiContext, definition: KubernetesObject): string | undefined {
  const spec = recordAt(definition, "spec");
  const names = recordAt(spec, "names");
  const others = api.registry
    .all()
    .map(({ facts }) => facts)
    .filter(
      ({ group, custom }) =>
        group === spec["group"] && custom?.definition !== definition.metadata.name,
    );
  for (const other of others) {
    if (other.resource === names["plural"])
      return `${JSON.stringify(names["plural"])} is already in use`;
    if (other.kind === names["kind"]) return `${JSON.stringify(names["kind"])} is already in use`;
  }
  return undefined;
}

function isAccepted(definition: KubernetesObject): boolean {
  return recordsAt(recordAt(definition, "status"), "conditions").some(
    ({ type, status }) => type === "Established" && status === "True",
  );
}

function statusOf(api: ApiContext, definition: KubernetesObject, taken: string | undefined): Scope {
  const old = recordAt(definition, "status");
  const spec = recordAt(definition, "spec");
  const now = formatInstant(api.clock.now());
  const accepted =
    taken === undefined
      ? {
          type: "NamesAccepted",
          status: "True",
          reason: "NoConflicts",
          message: "no conflicts found",
        }
      : { type: "NamesAccepted", status: "False", reason: "NameConflict", message: taken };
  const established =
    taken === undefined
      ? {
          type: "Established",
          status: "True",
          reason: "InitialNamesAccepted",
          message: "the initial names have been accepted",
        }
      : {
          type: "Established",
          status: "False",
          reason: "NotAccepted",
          message: "not all names are accepted",
        };
  const before = recordsAt(old, "conditions");
  const kept = before.filter(({ type }) => type !== "NamesAccepted" && type !== "Established");
  const conditions = [accepted, established].map((one) => withTransition(one, before, now));
  const stored = new Set([
    ...storedVersions(old),
    storageVersionOf(definition).split("/").at(-1) ?? "",
  ]);
  return {
    ...old,
    conditions: [...conditions, ...kept],
    acceptedNames: taken === undefined ? spec["names"] : { plural: "", kind: "" },
    storedVersions: [...stored],
  };
}

function storedVersions(status: Scope): readonly string[] {
  return Array.isArray(status["storedVersions"]) ? status["storedVersions"].map(String) : [];
}

function withTransition(condition: Scope, before: readonly Scope[], now: string): Scope {
  const old = before.find(({ type }) => type === condition["type"]);
  const isSame = old !== undefined && old["status"] === condition["status"];
  return { ...condition, lastTransitionTime: isSame ? old["lastTransitionTime"] : now };
}
