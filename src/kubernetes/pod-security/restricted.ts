// The checks that the restricted level adds to the baseline: current hardening practice. Mirrors pod-security-admission
// policy/check_*.go @v1.36.

import { culprits, distinct, naming, plural, quoted } from "./check.ts";
import type { Check, CheckPod } from "./check.ts";
import { recordOf, textsIn } from "./pod-fields.ts";
import type { ContainerFields, Fields } from "./pod-fields.ts";
import { hasSeccomp, isConfined, procMount, seccompTypes } from "./shared-checks.ts";

/** Linux matters, which a pod that says it is for Windows does not have. */
const linux =
  (check: CheckPod): CheckPod =>
  (pod) =>
    pod.windows ? undefined : check(pod);

/** Root in a user namespace of the pod's own is nobody outside. */
const unlessMapped =
  (check: CheckPod): CheckPod =>
  (pod) =>
    pod.userNamespace ? undefined : check(pod);

const allowPrivilegeEscalation: CheckPod = ({ containers }) => {
  const bad = containers.filter(
    ({ securityContext }) => securityContext["allowPrivilegeEscalation"] !== false,
  );
  if (bad.length === 0) return undefined;
  return {
    reason: "allowPrivilegeEscalation != false",
    detail: `${naming(bad)} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

const capabilities: CheckPod = ({ containers }) => {
  const listOf = ({ securityContext }: ContainerFields, list: "add" | "drop"): readonly string[] =>
    textsIn(recordOf(securityContext["capabilities"])[list]);
  const added = (one: ContainerFields): readonly string[] =>
    listOf(one, "add").filter((name) => name !== "NET_BIND_SERVICE");
  const keeping = containers.filter((one) => !listOf(one, "drop").includes("ALL"));
  const adding = containers.filter((one) => added(one).length > 0);
  const details = [
    ...(keeping.length > 0
      ? [`${naming(keeping)} must set securityContext.capabilities.drop=["ALL"]`]
      : []),
    ...(adding.length > 0
      ? [
          `${naming(adding)} must not include ${quoted(distinct(adding.flatMap(added)))} in securityContext.capabilities.add`,
        ]
      : []),
  ];
  if (details.length === 0) return undefined;
  return { reason: "unrestricted capabilities", detail: details.join("; ") };
};

const VOLUMES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

const restrictedVolumes: CheckPod = ({ volumes }) => {
  const bad = volumes
    // A volume that names no kind is an emptyDir.
    .filter((volume) => kindOf(volume) !== undefined)
    .filter((volume) => !VOLUMES.some((kind) => volume[kind] !== undefined));
  if (bad.length === 0) return undefined;
  const names = quoted(bad.map(({ name }) => String(name)));
  const types = distinct(bad.map((volume) => kindOf(volume) ?? "unknown"));
  const uses = bad.length === 1 ? "uses" : "use";
  const what = plural("restricted volume type", types.length);
  return {
    reason: "restricted volume types",
    detail: `${plural("volume", bad.length)} ${names} ${uses} ${what} ${quoted(types)}`,
  };
};

function kindOf(volume: Fields): string | undefined {
  return Object.keys(volume).find((key) => key !== "name" && volume[key] !== undefined);
}

const runAsNonRoot: CheckPod = (pod) => {
  const reason = "runAsNonRoot != true";
  const bad = culprits(pod, (context) => context["runAsNonRoot"] === false);
  if (bad !== undefined) {
    return { reason, detail: `${bad.text} must not set securityContext.runAsNonRoot=false` };
  }
  if (pod.securityContext["runAsNonRoot"] === true) return undefined;
  const open = pod.containers.filter(
    ({ securityContext }) => securityContext["runAsNonRoot"] !== true,
  );
  if (open.length === 0) return undefined;
  return { reason, detail: `pod or ${naming(open)} must set securityContext.runAsNonRoot=true` };
};

const runAsUser: CheckPod = (pod) => {
  const bad = culprits(pod, (context) => context["runAsUser"] === 0);
  return bad && { reason: "runAsUser=0", detail: `${bad.text} must not set runAsUser=0` };
};

const seccompProfile: CheckPod = (pod) => {
  const stated = seccompTypes(pod);
  if (stated !== undefined || isConfined(pod.securityContext)) return stated;
  const open = pod.containers.filter(({ securityContext }) => !hasSeccomp(securityContext));
  if (open.length === 0) return undefined;
  return {
    reason: "seccompProfile",
    detail: `pod or ${naming(open)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
};

/** Sorted by name, as the server reports them. */
export const RESTRICTED: readonly Check[] = [
  {
    id: "allowPrivilegeEscalation",
    revisions: [
      { since: 8, check: allowPrivilegeEscalation },
      { since: 25, check: linux(allowPrivilegeEscalation) },
    ],
  },
  {
    id: "capabilities_restricted",
    overrides: "capabilities_baseline",
    revisions: [
      { since: 22, check: capabilities },
      { since: 25, check: linux(capabilities) },
    ],
  },
  {
    id: "procMount_restricted",
    overrides: "procMount",
    revisions: [{ since: 35, check: procMount }],
  },
  {
    id: "restrictedVolumes",
    overrides: "hostPathVolumes",
    revisions: [{ since: 0, check: restrictedVolumes }],
  },
  {
    id: "runAsNonRoot",
    revisions: [
      { since: 0, check: runAsNonRoot },
      { since: 35, check: unlessMapped(runAsNonRoot) },
    ],
  },
  {
    id: "runAsUser",
    revisions: [
      { since: 23, check: runAsUser },
      { since: 35, check: unlessMapped(runAsUser) },
    ],
  },
  {
    id: "seccompProfile_restricted",
    overrides: "seccompProfile_baseline",
    revisions: [
      { since: 19, check: seccompProfile },
      { since: 25, check: linux(seccompProfile) },
    ],
  },
];
