// The controls the restricted level adds to baseline: current hardening practice. Mirrors pod-security-admission
// policy/check_*.go at v1.35.

import type { Control } from "./baseline.ts";
import { everywhere, inContainers, isUnmasked, seccompOf } from "./baseline.ts";
import { recordOf, textsIn } from "./pod-fields.ts";

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

const CONFINED: readonly unknown[] = ["RuntimeDefault", "Localhost"];

/** Linux matters, which a pod that says it is for Windows does not have. */
const linux =
  (control: Control): Control =>
  (pod) =>
    pod.windows ? [] : control(pod);

export const RESTRICTED: Readonly<Record<string, Control>> = {
  volumes: ({ volumes }) =>
    volumes
      // A volume that names no kind is an emptyDir.
      .filter((volume) => Object.keys(volume).some((key) => key !== "name"))
      .filter((volume) => !VOLUMES.some((kind) => volume[kind] !== undefined))
      .map((volume) => `volume ${String(volume["name"])} is of a kind that is not allowed`),
  allowPrivilegeEscalation: linux((pod) =>
    inContainers(
      pod,
      ({ allowPrivilegeEscalation }) => allowPrivilegeEscalation !== false,
      "may gain privileges",
    ),
  ),
  runAsNonRoot: (pod) => {
    const inherits = pod.securityContext["runAsNonRoot"] === true;
    const own = pod.securityContext["runAsNonRoot"] === false ? ["the pod may run as root"] : [];
    const open = ({ runAsNonRoot }: { readonly runAsNonRoot?: unknown }): boolean =>
      runAsNonRoot === false || (runAsNonRoot !== true && !inherits);
    return [...own, ...inContainers(pod, open, "may run as root")];
  },
  runAsUser: (pod) => everywhere(pod, ({ runAsUser }) => runAsUser === 0, "runs as root"),
  seccompProfile: linux((pod) => {
    const inherits = CONFINED.includes(seccompOf(pod.securityContext));
    return inContainers(
      pod,
      (context) => {
        const own = seccompOf(context);
        return own === undefined ? !inherits : !CONFINED.includes(own);
      },
      "runs without a seccomp profile",
    );
  }),
  capabilities: linux(({ containers }) =>
    containers.flatMap(({ name, securityContext }) => {
      const capabilities = recordOf(securityContext["capabilities"]);
      const added = textsIn(capabilities["add"]).filter((added) => added !== "NET_BIND_SERVICE");
      const keeps = textsIn(capabilities["drop"]).includes("ALL") ? [] : ["keeps capabilities"];
      const adds = added.length === 0 ? [] : [`adds ${added.join(", ")}`];
      return [...keeps, ...adds].map((what) => `container ${name} ${what}`);
    }),
  ),
  procMount: (pod) => inContainers(pod, isUnmasked, "sees the whole of /proc"),
};
