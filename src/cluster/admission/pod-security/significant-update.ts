// Whether an update of a pod changes anything Pod Security looks at: images, old seccomp annotations, new containers.
// Mirrors isSignificantPodUpdate of pod-security-admission admission/admission.go.

import type { Container, KubernetesObject, PodSpec } from "../../../kubernetes/index.ts";

type Spec = PodSpec & { readonly ephemeralContainers?: readonly Container[] };

const SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";

export function isSignificantUpdate(pod: KubernetesObject, old: KubernetesObject): boolean {
  const annotation = (object: KubernetesObject, key: string): string =>
    object.metadata.annotations?.[key] ?? "";
  const differs = (key: string): boolean => annotation(pod, key) !== annotation(old, key);
  const isChanged = (now: Container, before: Container | undefined): boolean =>
    before === undefined || now.image !== before.image || differs(SECCOMP_CONTAINER + now.name);
  const spec = pod["spec"] as Spec;
  const before = old["spec"] as Spec;
  const listChanged = (list: readonly Container[] = [], was: readonly Container[] = []): boolean =>
    list.length !== was.length || list.some((one, index) => isChanged(one, was[index]));
  return (
    differs(SECCOMP_POD) ||
    listChanged(spec.containers, before.containers) ||
    listChanged(spec.initContainers, before.initContainers) ||
    (spec.ephemeralContainers ?? []).some((one) =>
      isChanged(
        one,
        before.ephemeralContainers?.find(({ name }) => name === one.name),
      ),
    )
  );
}
