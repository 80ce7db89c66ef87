// The validating webhook. Mirrors gatekeeper pkg/webhook/policy.go, v3.23: all refusals in one text, warnings beside them.

import {
  loadExpressions,
  statusError,
  type AdmissionPlugin,
  type AdmissionRequest,
} from "../../../../kubernetes/index.ts";
import { NAMESPACE } from "../surface.ts";
import { violationsOf } from "./constraint.ts";

const WEBHOOK = "validation.gatekeeper.sh";
const IGNORE_LABEL = "admission.gatekeeper.sh/ignore";

export const validationWebhook: AdmissionPlugin = {
  name: WEBHOOK,
  handles: ({ operation, subresource }) =>
    (operation === "CREATE" || operation === "UPDATE") && subresource === "",
  async validate(request) {
    if (isExempt(request)) return;
    const violations = violationsOf(await loadExpressions(), request);
    const texts = (action: string): string[] =>
      violations
        .filter((violation) => violation.action === action)
        .map(({ constraint, message }) => `[${constraint.metadata.name}] ${message}`);
    texts("warn").forEach((text) => request.warn(text));
    const denied = texts("deny");
    if (denied.length === 0) return;
    throw statusError(
      "Forbidden",
      `admission webhook "${WEBHOOK}" denied the request: ${denied.join("\n")}`,
    );
  },
};

/** Its own namespace, namespaces that bear the label, and what is on its way out. */
function isExempt({ namespace, live, object }: AdmissionRequest): boolean {
  if (namespace === NAMESPACE || object?.metadata.deletionTimestamp !== undefined) return true;
  const found = live.get({ apiVersion: "v1", kind: "Namespace", name: namespace });
  return found?.metadata.labels?.[IGNORE_LABEL] !== undefined;
}
