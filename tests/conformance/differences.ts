// Recorded cases that the embedded cluster answers differently, each with its reason. The suite fails when a case that
// is not listed differs, and when a listed one has become equal: then its line goes.

export const DIFFERENCES: Readonly<Record<string, string>> = {
  "validation/pod-update-forbidden": "not yet: a changed pod spec is refused in other words",
};

/** Recorded with kubectl 1.36; what an older one lacks or says in other words is nothing the server could answer for. */
export const KUBECTL_MINOR: Readonly<Record<string, { minor: number; reason: string }>> = {
  "kubectl/describe-pod": { minor: 36, reason: "how it prints a projected config map" },
  "kubectl/logs-exec": { minor: 36, reason: "what it says about a refused exec" },
  "kubectl/create-commands": { minor: 34, reason: "kubectl autoscale --cpu" },
};
