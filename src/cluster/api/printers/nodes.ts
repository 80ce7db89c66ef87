// Columns of nodes.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { recordAt, recordsAt, textAt } from "../validation/fields.ts";
import { NONE, orNone } from "./cell-text.ts";
import { AGE, NAME, text, wide } from "./column.ts";
import type { Printer } from "./column.ts";

const UNKNOWN = "<unknown>";

const NODES: Printer = {
  columns: [
    NAME,
    text("Status", statusText),
    text("Roles", rolesText),
    AGE,
    text("Version", (node) => textAt(infoOf(node), "kubeletVersion")),
    wide(text("Internal-IP", (node) => addressOf(node, "InternalIP"))),
    wide(text("External-IP", (node) => addressOf(node, "ExternalIP"))),
    wide(text("OS-Image", (node) => textAt(infoOf(node), "osImage") || UNKNOWN)),
    wide(text("Kernel-Version", kernelText)),
    wide(
      text(
        "Container-Runtime",
        (node) => textAt(infoOf(node), "containerRuntimeVersion") || UNKNOWN,
      ),
    ),
  ],
};

export const NODE_PRINTERS: Readonly<Record<string, Printer>> = { "/nodes": NODES };

const ROLE_PREFIX = "node-role.kubernetes.io/";
const ROLE_LABEL = "kubernetes.io/role";

function infoOf(node: KubernetesObject): Readonly<Record<string, unknown>> {
  return recordAt(recordAt(node, "status"), "nodeInfo");
}

function statusText(node: KubernetesObject): string {
  const ready = recordsAt(recordAt(node, "status"), "conditions").find(
    ({ type }) => type === "Ready",
  );
  const words = [
    ready === undefined ? "Unknown" : ready["status"] === "True" ? "Ready" : "NotReady",
  ];
  if (recordAt(node, "spec")["unschedulable"] === true) words.push("SchedulingDisabled");
  return words.join(",");
}

function rolesText({ metadata }: KubernetesObject): string {
  const roles = new Set<string>();
  for (const [label, value] of Object.entries(metadata.labels ?? {})) {
    if (label.startsWith(ROLE_PREFIX)) roles.add(label.slice(ROLE_PREFIX.length));
    else if (label === ROLE_LABEL) roles.add(value);
  }
  roles.delete("");
  return orNone([...roles].toSorted().join(","));
}

function addressOf(node: KubernetesObject, type: string): string {
  const found = recordsAt(recordAt(node, "status"), "addresses").find(
    (one) => one["type"] === type,
  );
  return found === undefined ? NONE : textAt(found, "address");
}

function kernelText(node: KubernetesObject): string {
  const info = infoOf(node);
  const version = textAt(info, "kernelVersion") || UNKNOWN;
  const architecture = textAt(info, "architecture");
  return architecture === "" ? version : `${version} (${architecture})`;
}
