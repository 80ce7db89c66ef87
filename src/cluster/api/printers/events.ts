// Columns of events, in either of their two versions.

import { plainText } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { numberAt, recordAt, textAt } from "../validation/fields.ts";
import type { Scope } from "./cell-text.ts";
import { elapsed, text, wide } from "./column.ts";
import type { Printer } from "./column.ts";

/** The field under its old name, else under its new one. */
function either(event: KubernetesObject, oldName: string, newName: string): unknown {
  return event[oldName] ?? event[newName];
}

const EVENTS: Printer = {
  columns: [
    text("Last Seen", (event, { now }) => elapsed(lastSeen(event), now)),
    text("Type", (event) => textAt(event, "type")),
    text("Reason", (event) => textAt(event, "reason")),
    text("Object", objectText),
    wide(text("Subobject", (event) => textAt(aboutOf(event), "fieldPath"))),
    wide(text("Source", sourceText)),
    text("Message", (event) => plainText(either(event, "message", "note") ?? "").trim()),
    wide(text("First Seen", (event, { now }) => elapsed(firstSeen(event), now))),
    wide(text("Count", countOf)),
    wide(text("Name", ({ metadata }) => metadata.name)),
  ],
};

export const EVENT_PRINTERS: Readonly<Record<string, Printer>> = {
  "/events": EVENTS,
  "events.k8s.io/events": EVENTS,
};

function aboutOf(event: KubernetesObject): Scope {
  return recordAt(event, event["involvedObject"] === undefined ? "regarding" : "involvedObject");
}

function firstSeen(event: KubernetesObject): unknown {
  return either(event, "firstTimestamp", "deprecatedFirstTimestamp") ?? event["eventTime"];
}

function lastSeen(event: KubernetesObject): unknown {
  const observed = recordAt(event, "series")["lastObservedTime"];
  return observed ?? either(event, "lastTimestamp", "deprecatedLastTimestamp") ?? firstSeen(event);
}

function countOf(event: KubernetesObject): number {
  if (event["series"] !== undefined && event["series"] !== null) {
    return numberAt(recordAt(event, "series"), "count") ?? 0;
  }
  const count = either(event, "count", "deprecatedCount");
  return typeof count === "number" && count > 0 ? count : 1;
}

function objectText(event: KubernetesObject): string {
  const about = aboutOf(event);
  const kind = textAt(about, "kind").toLowerCase();
  const name = textAt(about, "name");
  return name === "" ? kind : `${kind}/${name}`;
}

function sourceText(event: KubernetesObject): string {
  const source = recordAt(event, event["source"] === undefined ? "deprecatedSource" : "source");
  const component = textAt(source, "component");
  const [who, where] =
    component === ""
      ? [either(event, "reportingComponent", "reportingController"), event["reportingInstance"]]
      : [component, source["host"]];
  return [who, where].filter((part) => typeof part === "string" && part !== "").join(", ");
}
