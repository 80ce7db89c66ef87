// Columns of pods and pod templates.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { recordAt, recordsAt, textAt } from "../validation/fields.ts";
import { containerImages, containerNames, labelsText, NONE, orNone } from "./cell-text.ts";
import { AGE, NAME, text, wide } from "./column.ts";
import type { Printer, RowCondition } from "./column.ts";
import { podState, restartsText } from "./pod-state.ts";

const PODS: Printer = {
  columns: [
    NAME,
    text("Ready", (pod) => {
      const { readyCount, containerCount } = podState(pod);
      return `${readyCount}/${containerCount}`;
    }),
    text("Status", (pod) => podState(pod).reason),
    text("Restarts", (pod, { now }) => restartsText(podState(pod), now)),
    AGE,
    wide(text("IP", (pod) => orNone(podAddress(pod)))),
    wide(text("Node", (pod) => orNone(textAt(recordAt(pod, "spec"), "nodeName")))),
    wide(
      text("Nominated Node", (pod) => orNone(textAt(recordAt(pod, "status"), "nominatedNodeName"))),
    ),
    wide(text("Readiness Gates", readinessGates)),
  ],
  conditions: rowConditions,
};

const POD_TEMPLATES: Printer = {
  columns: [
    NAME,
    text("Containers", (object) => containerNames(templateSpec(object))),
    text("Images", (object) => containerImages(templateSpec(object))),
    text("Pod Labels", (object) =>
      labelsText(recordAt(recordAt(object, "template"), "metadata")["labels"]),
    ),
  ],
};

export const POD_PRINTERS: Readonly<Record<string, Printer>> = {
  "/pods": PODS,
  "/podtemplates": POD_TEMPLATES,
};

function podAddress(pod: KubernetesObject): string {
  const status = recordAt(pod, "status");
  const [first] = recordsAt(status, "podIPs");
  return first === undefined ? textAt(status, "podIP") : textAt(first, "ip");
}

function readinessGates(pod: KubernetesObject): string {
  const gates = recordsAt(recordAt(pod, "spec"), "readinessGates");
  if (gates.length === 0) return NONE;
  const conditions = recordsAt(recordAt(pod, "status"), "conditions");
  const passed = gates.filter(({ conditionType }) =>
    conditions.some(({ type, status }) => type === conditionType && status === "True"),
  );
  return `${passed.length}/${gates.length}`;
}

/** Clients may hide rows of pods that have ended. */
function rowConditions(pod: KubernetesObject): readonly RowCondition[] {
  const phase = textAt(recordAt(pod, "status"), "phase");
  if (phase === "Succeeded") {
    return [completed(phase, "The pod has completed successfully.")];
  }
  return phase === "Failed" ? [completed(phase, "The pod failed.")] : [];
}

function completed(reason: string, message: string): RowCondition {
  return { type: "Completed", status: "True", reason, message };
}

function templateSpec(object: KubernetesObject): Readonly<Record<string, unknown>> {
  return recordAt(recordAt(object, "template"), "spec");
}
