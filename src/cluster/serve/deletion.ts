// DELETE: its options from the body or the query, and what is answered about an object that is gone.

import type { KubernetesObject } from "../../kubernetes/index.ts";
import type { Resource } from "../api/resource.ts";
import { readDeleteSettings } from "../api/verbs/delete-settings.ts";
import type { DeleteSettings } from "../api/verbs/delete-settings.ts";
import type { DeleteResult } from "../api/verbs/delete.ts";
import { parseBody } from "./body.ts";
import { objectText } from "./object-text.ts";
import { readFlag, readInteger, readText } from "./query.ts";
import type { ResourceRequest } from "./server-context.ts";
import { isRecord } from "../../core/index.ts";

export interface Deletion {
  readonly settings: DeleteSettings;
  /** The old way to wait for dependents: answered 202 while the object stays. */
  readonly answersAccepted: boolean;
}

/** A body wins over the query. */
export async function readDeletion({ exchange }: ResourceRequest): Promise<Deletion> {
  const bytes = await exchange.readBody();
  const options =
    bytes.length > 0
      ? (await parseBody(bytes, exchange.header("content-type"), "DeleteOptions")).value
      : queryOptions(exchange.query);
  return {
    settings: readDeleteSettings(options),
    answersAccepted: isRecord(options) && options["orphanDependents"] === false,
  };
}

function queryOptions(query: URLSearchParams): unknown {
  const dryRun = query.getAll("dryRun").filter((value) => value !== "");
  const gracePeriodSeconds = readInteger(query, "gracePeriodSeconds");
  const propagationPolicy = readText(query, "propagationPolicy");
  const orphanDependents = readFlag(query, "orphanDependents");
  return {
    ...(dryRun.length === 0 ? {} : { dryRun }),
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    ...(orphanDependents === undefined ? {} : { orphanDependents }),
  };
}

/** Resources whose registry answers the deleted object itself (ReturnDeletedObject in kubernetes pkg/registry). */
const RETURNS_OBJECT: ReadonlySet<string> = new Set([
  "/pods",
  "/podtemplates",
  "/persistentvolumes",
  "/persistentvolumeclaims",
  "/resourcequotas",
  "/serviceaccounts",
  "/services",
  "storage.k8s.io/storageclasses",
  "storage.k8s.io/volumeattachments",
  "storage.k8s.io/volumeattributesclasses",
  "storage.k8s.io/csinodes",
  "storage.k8s.io/csidrivers",
  "storage.k8s.io/csistoragecapacities",
]);

/** Undefined when the object itself is the answer. */
export function deletedText(
  { facts }: Resource,
  { outcome, object }: DeleteResult,
): string | undefined {
  if (outcome === "terminating") return undefined;
  const { group, resource } = facts;
  if (RETURNS_OBJECT.has(`${group}/${resource}`)) return objectText(object);
  return JSON.stringify(successOf(object, group, resource));
}

function successOf({ metadata }: KubernetesObject, group: string, kind: string): unknown {
  const { name, uid } = metadata;
  const details = { name, ...(group === "" ? {} : { group }), kind, uid };
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}
