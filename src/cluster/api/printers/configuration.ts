// Columns of the small core kinds: namespaces, config, accounts, quotas, leases, classes, certificates.

import { plainText, isRecord } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { numberAt, recordAt, recordsAt, textAt } from "../validation/fields.ts";
import { NONE } from "./cell-text.ts";
import type { Scope } from "./cell-text.ts";
import { AGE, column, DEFAULT_PRINTER, integer, NAME, text } from "./column.ts";
import type { Printer } from "./column.ts";
import { humanDuration } from "./human-duration.ts";

const specOf = (object: KubernetesObject): Scope => recordAt(object, "spec");
const sizeOf = (object: KubernetesObject, field: string): number =>
  Object.keys(recordAt(object, field)).length;

const QUOTAS: Printer = {
  columns: [
    NAME,
    text("Request", (quota) => usageText(quota, (name) => !name.startsWith("limits."))),
    text("Limit", (quota) => usageText(quota, (name) => name.startsWith("limits."))),
    AGE,
  ],
};

const PRIORITY_CLASSES: Printer = {
  columns: [
    NAME,
    integer("Value", (object) => numberAt(object, "value") ?? 0),
    column("Global-Default", "boolean", (object) => object["globalDefault"] === true),
    AGE,
    text("PreemptionPolicy", (object) => textAt(object, "preemptionPolicy")),
  ],
};

const SIGNING_REQUESTS: Printer = {
  columns: [
    NAME,
    AGE,
    text("SignerName", (object) => textAt(specOf(object), "signerName") || NONE),
    text("Requestor", (object) => textAt(specOf(object), "username")),
    text("RequestedDuration", (object) => {
      const seconds = numberAt(specOf(object), "expirationSeconds");
      return seconds === undefined ? NONE : humanDuration(seconds * 1000);
    }),
    text("Condition", signingCondition),
  ],
};

const API_SERVICES: Printer = {
  columns: [
    NAME,
    text("Service", (object) => {
      const { namespace, name } = recordAt(specOf(object), "service");
      return name === undefined ? "Local" : `${plainText(namespace)}/${plainText(name)}`;
    }),
    text("Available", availableText),
    AGE,
  ],
};

export const CONFIGURATION_PRINTERS: Readonly<Record<string, Printer>> = {
  "/namespaces": {
    columns: [NAME, text("Status", (object) => textAt(recordAt(object, "status"), "phase")), AGE],
  },
  "/configmaps": {
    columns: [
      NAME,
      text("Data", (object) => sizeOf(object, "data") + sizeOf(object, "binaryData")),
      AGE,
    ],
  },
  "/secrets": {
    columns: [
      NAME,
      text("Type", (object) => textAt(object, "type")),
      text("Data", (object) => sizeOf(object, "data")),
      AGE,
    ],
  },
  "/serviceaccounts": {
    columns: [NAME, text("Secrets", (object) => recordsAt(object, "secrets").length), AGE],
  },
  "/resourcequotas": QUOTAS,
  "/limitranges": DEFAULT_PRINTER,
  "coordination.k8s.io/leases": {
    columns: [NAME, text("Holder", (object) => textAt(specOf(object), "holderIdentity")), AGE],
  },
  "scheduling.k8s.io/priorityclasses": PRIORITY_CLASSES,
  "node.k8s.io/runtimeclasses": {
    columns: [NAME, text("Handler", (object) => textAt(object, "handler")), AGE],
  },
  "certificates.k8s.io/certificatesigningrequests": SIGNING_REQUESTS,
  "apiregistration.k8s.io/apiservices": API_SERVICES,
  "apiextensions.k8s.io/customresourcedefinitions": DEFAULT_PRINTER,
};

/** `pods: 1/5, requests.cpu: 0/2`, sorted by resource. */
function usageText(quota: KubernetesObject, isShown: (name: string) => boolean): string {
  const status = recordAt(quota, "status");
  const used = recordAt(status, "used");
  return Object.entries(recordAt(status, "hard"))
    .filter(([name]) => isShown(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hard]) => `${name}: ${plainText(used[name] ?? "0")}/${plainText(hard)}`)
    .join(", ");
}

function signingCondition(object: KubernetesObject): string {
  const status = recordAt(object, "status");
  const types = recordsAt(status, "conditions").map(({ type }) => type);
  const words = [
    types.includes("Denied") ? "Denied" : types.includes("Approved") ? "Approved" : "Pending",
  ];
  if (types.includes("Failed")) words.push("Failed");
  if (textAt(status, "certificate") !== "") words.push("Issued");
  return words.join(",");
}

function availableText(object: KubernetesObject): string {
  const conditions = recordsAt(recordAt(object, "status"), "conditions");
  const available = conditions.find(({ type }) => type === "Available");
  if (!isRecord(available)) return "Unknown";
  if (available["status"] === "True") return "True";
  return `${textAt(available, "status")} (${textAt(available, "reason")})`;
}
