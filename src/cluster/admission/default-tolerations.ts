// Every new pod bears a lost or unready node for five minutes, unless it says otherwise.
// Mirrors plugin/pkg/admission/defaulttolerationseconds.

import { isFor } from "../../kubernetes/index.ts";
import type { AdmissionPlugin, PodSpec, Toleration } from "../../kubernetes/index.ts";

const TOLERATION_SECONDS = 300;
const KEYS = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

export const defaultTolerations: AdmissionPlugin = {
  name: "DefaultTolerationSeconds",
  handles: (subject) => subject.operation === "CREATE" && isFor(subject, "pods"),
  mutate(request) {
    const { object } = request;
    if (object === undefined) return object;
    // Decoding has given the object the shape of its kind.
    const spec = object["spec"] as PodSpec;
    const { tolerations: own = [] } = spec;
    const missing = DEFAULTS.filter(({ key }) => !own.some((one) => covers(one, key)));
    if (missing.length === 0) return object;
    // Pods that say nothing themselves share what they get.
    const tolerations = own.length === 0 ? DEFAULTS : [...own, ...missing];
    return { ...object, spec: { ...spec, tolerations } };
  },
};

function covers({ key, effect }: Toleration, wanted: string): boolean {
  const matchesKey = key === undefined || key === "" || key === wanted;
  return matchesKey && (effect === undefined || effect === "NoExecute");
}

const DEFAULTS = KEYS.map((key) => ({
  key,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: TOLERATION_SECONDS,
}));
