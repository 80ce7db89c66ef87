// The requests and limits that a LimitRange gives to containers without their own, and the annotation that says so.
// Mirrors plugin/pkg/admission/limitranger @v1.36 (mergePodResourceRequirements).

import type { Container, Pod, ResourceList } from "../scheduling/index.ts";
import { itemsOf } from "./limit-range.ts";
import type { LimitRange } from "./limit-range.ts";

const ANNOTATION = "kubernetes.io/limit-ranger";

/** The same pod when there is nothing to add. */
export function withContainerDefaults(pod: Pod, limitRange: LimitRange): Pod {
  const items = itemsOf(limitRange).filter(({ type }) => type === "Container");
  const limits = Object.assign({}, ...items.map((item) => item.default ?? {})) as ResourceList;
  const requests = Object.assign(
    {},
    ...items.map((item) => item.defaultRequest ?? {}),
  ) as ResourceList;
  const said: string[] = [];
  const complete =
    (what: string) =>
    (container: Container): Container =>
      withDefaults(container, { requests, limits }, (text) =>
        said.push(`${text} for ${what} ${container.name}`),
      );
  // Validation comes later: a list that was left out is null until then.
  const stated = (pod.spec.containers as readonly Container[] | null) ?? [];
  const containers = stated.map(complete("container"));
  const initContainers = pod.spec.initContainers?.map(complete("init container"));
  if (said.length === 0) return pod;
  const annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION]: `LimitRanger plugin set: ${said.join("; ")}`,
  };
  const spec = {
    ...pod.spec,
    containers,
    ...(initContainers === undefined ? {} : { initContainers }),
  };
  return { ...pod, metadata: { ...pod.metadata, annotations }, spec };
}

function withDefaults(
  container: Container,
  defaults: { readonly requests: ResourceList; readonly limits: ResourceList },
  say: (text: string) => void,
): Container {
  const { requests = {}, limits = {} } = container.resources ?? {};
  const lacking = (own: ResourceList, wanted: ResourceList): readonly string[] =>
    Object.keys(wanted)
      .filter((name) => own[name] === undefined)
      .toSorted();
  const newRequests = lacking(requests, defaults.requests);
  const newLimits = lacking(limits, defaults.limits);
  if (newRequests.length > 0) say(`${newRequests.join(", ")} request`);
  if (newLimits.length > 0) say(`${newLimits.join(", ")} limit`);
  if (newRequests.length + newLimits.length === 0) return container;
  const merged = {
    limits: { ...defaults.limits, ...limits },
    requests: { ...defaults.requests, ...requests },
  };
  const filled = Object.entries(merged).filter(([, list]) => Object.keys(list).length > 0);
  return { ...container, resources: { ...container.resources, ...Object.fromEntries(filled) } };
}
