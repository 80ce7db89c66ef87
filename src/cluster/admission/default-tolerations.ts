// Every new pod bears a lost or unready node for five minutes, unless it says otherwise.
// Mirrors plugin/pkg/admission/defaulttolerationseconds.

import { isFor } from "../../kubernetes/index.ts";
import type { AdmissionPlugin, PodSpec, Toleration } from "../../kubernetes/index.ts";
import { deriveOnce } from "../store/index.ts";
import type { DeriveOnce } from "../store/index.ts";

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
    const tolerating = specOnce(spec, [], () => withDefaults(spec));
    return tolerating === spec ? object : { ...object, spec: tolerating };
  },
};

const specOnce: DeriveOnce<PodSpec> = deriveOnce();

function withDefaults(spec: PodSpec): PodSpec {
  const { tolerations: own = [] } = spec;
  const missing = DEFAULTS.filter(({ key }) => !own.some((one) => covers(one, key)));
  if (missing.length === 0) return spec;
  // Pods that say nothing themselves share what they get.
  return { ...spec, tolerations: own.length === 0 ? DEFAULTS : [...own, ...missing] };
}

function covers({ key, effect }: Toleration, wanted: string): boolean {
  const matchesKey = key === undefined || key === "" || key === wanted;
  return matchesKey && (effect === undefined || effect === "NoExecute");
}

const DEFAULTS = KEYS.map((key) => ({
  key,
  operator: "Exists" as const,
  effect: "NoExecute" as const,
  tolerationSeconds: TOLERATION_SECONDS,
}));
