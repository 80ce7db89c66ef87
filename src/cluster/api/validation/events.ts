// Essential validation of events. Mirrors kubernetes pkg/apis/core/validation/events.go.

import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField } from "../field-error.ts";
import { recordAt, textAt } from "./fields.ts";

/** An event lives beside what it is about; events of cluster-scoped objects live in `default`. */
export function validateEvent(event: KubernetesObject): readonly StatusCause[] {
  const field = event["regarding"] === undefined ? "involvedObject" : "regarding";
  const about = textAt(recordAt(event, field), "namespace");
  const { namespace = "" } = event.metadata;
  const isRight =
    about === "" ? namespace === "default" || namespace === "kube-system" : about === namespace;
  if (isRight) return [];
  return [invalidField("involvedObject.namespace", about, "does not match event.namespace")];
}
