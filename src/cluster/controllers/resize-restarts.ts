// Which containers a kubelet restarts to resize them: those whose `resizePolicy` says so of what changes. Mirrors kubernetes
// pkg/kubelet/kuberuntime/kuberuntime_manager.go (computePodResizeAction), where the request of memory, of which the runtime
// knows nothing, restarts nobody.

import { parseAmounts } from "../../kubernetes/index.ts";
import type { Container, Pod } from "../../kubernetes/index.ts";

type Resources = NonNullable<Container["resources"]>;

const PARTS = [
  { resource: "memory", part: "limits", least: 0 },
  // Of CPU a runtime has no finer measure (pkg/kubelet/cm/helpers_linux.go: MinMilliCPULimit, MinShares).
  { resource: "cpu", part: "limits", least: 10 },
  { resource: "cpu", part: "requests", least: 2 },
] as const;

/** `before` is what the running containers have, by name. */
export function toRestart(
  { spec, status }: Pod,
  before: ReadonlyMap<string, Resources>,
): ReadonlySet<string> {
  const { containerStatuses = [], initContainerStatuses = [] } = status ?? {};
  const running = new Set<string>();
  for (const { name, state } of [...containerStatuses, ...initContainerStatuses])
    if (state?.running !== undefined) running.add(name);
  const due = containersOf(spec).filter(({ name, resizePolicy = [], resources = {} }) => {
    const had = before.get(name);
    if (had === undefined || !running.has(name)) return false;
    return PARTS.some(
      (one) =>
        amountOf(resources, one) !== amountOf(had, one) &&
        resizePolicy.find(({ resourceName }) => resourceName === one.resource)?.restartPolicy ===
          "RestartContainer",
    );
  });
  return new Set(due.map(({ name }) => name));
}

export function containersOf({ containers, initContainers = [] }: Pod["spec"]): Container[] {
  return [...containers, ...initContainers];
}

function amountOf(resources: Resources, { resource, part, least }: (typeof PARTS)[number]): number {
  const amount = parseAmounts(resources[part]).get(resource) ?? 0;
  return Math.max(amount, least);
}
