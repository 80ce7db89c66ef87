// A new node takes no pods until its controller has seen it ready.
// Mirrors plugin/pkg/admission/nodetaint (TaintNodesByCondition).

import { isFor } from "../../kubernetes/index.ts";
import type { AdmissionPlugin, Taint } from "../../kubernetes/index.ts";

const NOT_READY: Taint = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };

export const taintNodesByCondition: AdmissionPlugin = {
  name: "TaintNodesByCondition",
  handles: (subject) => subject.operation === "CREATE" && isFor(subject, "nodes"),
  mutate(request) {
    const { object } = request;
    if (object === undefined) return object;
    const spec = (object["spec"] ?? {}) as { readonly taints?: readonly Taint[] };
    const { taints = [] } = spec;
    const isThere = taints.some(
      ({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect,
    );
    return isThere ? object : { ...object, spec: { ...spec, taints: [...taints, NOT_READY] } };
  },
};
