// Serves what CustomResourceDefinitions define, as soon as they are stored, and says so in their status.
// Mirrors the naming and establishing controllers of apiextensions-apiserver.

import { deepEqual, formatInstant } from "../../../core/index.ts";
import { kindsOfCrd } from "../../../kubernetes/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { revisionOf } from "../../store/index.ts";
import type { ApiContext } from "../api-context.ts";
import { recordAt, textAt } from "../validation/fields.ts";
import { acceptNames } from "./accepted-names.ts";
import { removeInstances } from "./definition-cleanup.ts";
import {
  isEstablished,
  isTerminating,
  namesOf,
  statusAfterNaming,
  storageVersionOf,
} from "./definition-status.ts";

export const DEFINITIONS = "apiextensions.k8s.io/customresourcedefinitions";

export function followDefinitions(api: ApiContext): void {
  for (const definition of api.store.list({ resource: DEFINITIONS })) follow(api, definition);
  const after = api.store.revision;
  api.store.watch({ resource: DEFINITIONS, after }, (events) => {
    for (const { type, key, object, previous } of events) {
      if (type === "delete") forget(api, key.name);
      else if (previous?.["spec"] !== object["spec"] || !isSettled(object)) follow(api, object);
    }
  });
}

/** Nothing is left to do: established, or waiting for its instances to go. */
function isSettled(definition: KubernetesObject): boolean {
  return isEstablished(definition) && !isTerminating(definition);
}

function follow(api: ApiContext, event: KubernetesObject): void {
  const { name } = event.metadata;
  const key = { resource: DEFINITIONS, namespace: "", name };
  const definition = api.store.get(key);
  if (definition === undefined) return;
  const naming = acceptNames(namesOf(definition), othersOf(api, definition));
  if (naming.conflict === undefined || isEstablished(definition)) serve(api, definition);
  if (isTerminating(definition)) {
    removeInstances(api, definition);
    return;
  }
  const status = statusAfterNaming(definition, naming, formatInstant(api.clock.now()));
  if (deepEqual(status, definition["status"])) return;
  api.store.put(key, { ...definition, status }, revisionOf(definition));
}

function serve(api: ApiContext, definition: KubernetesObject): void {
  const { name } = definition.metadata;
  const group = textAt(recordAt(definition, "spec"), "group");
  const storageVersion = `${group}/${storageVersionOf(definition)}`;
  api.registry.setCustom(name, kindsOfCrd(definition), storageVersion, isTerminating(definition));
}

/** A name that has become free may be what another definition waits for. */
function forget(api: ApiContext, name: string): void {
  api.registry.setCustom(name, [], "", false);
  for (const other of api.store.list({ resource: DEFINITIONS })) {
    if (!isEstablished(other)) follow(api, other);
  }
}

function othersOf(api: ApiContext, definition: KubernetesObject) {
  const group = textAt(recordAt(definition, "spec"), "group");
  return api.registry
    .all()
    .map(({ facts }) => facts)
    .filter((facts) => facts.group === group)
    .filter(({ custom }) => custom?.definition !== definition.metadata.name);
}
