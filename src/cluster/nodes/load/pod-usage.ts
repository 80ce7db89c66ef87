// What the containers of a simulated pod use at an instant: what its annotations say, or a fraction of its requests.
// Pure; nothing is written or kept between two questions.

import { loadAt, parseLoad, parseQuantity } from "../../../core/index.ts";
import type { InstantMs, LoadProfile } from "../../../core/index.ts";
import { controllerUid } from "../../../kubernetes/index.ts";
import type { Container, ContainerStatus, Pod } from "../../../kubernetes/index.ts";
import { annotationOf } from "../simulation-annotations.ts";

export type LoadResource = "cpu" | "memory";

/** In cores and bytes. */
export interface ContainerUsage {
  readonly name: string;
  readonly cpu: number;
  readonly memory: number;
}

export interface UsageContext {
  readonly instant: InstantMs;
  readonly seed: string;
  /** How many running pods share a controller, by its uid. */
  replicasOf(owner: string): number;
}

/** What a pod without annotations uses of its requests, and without requests at all. */
const DEFAULT_FRACTION: Readonly<Record<LoadResource, number>> = { cpu: 0.2, memory: 0.5 };
const WITHOUT_REQUESTS: Readonly<Record<LoadResource, number>> = {
  cpu: 0.001,
  memory: 16 * 2 ** 20,
};

/** Of the containers that run, sidecars included. */
export function podUsage(pod: Pod, context: UsageContext): readonly ContainerUsage[] {
  const running = runningContainers(pod);
  return running.map(({ container }) => ({
    name: container.name,
    cpu: usageOf(pod, container, running, "cpu", context),
    memory: usageOf(pod, container, running, "memory", context),
  }));
}

export interface RunningContainer {
  readonly container: Container;
  readonly status: ContainerStatus;
}

export function runningContainers({ spec, status }: Pod): readonly RunningContainer[] {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return [...(spec.initContainers ?? []), ...spec.containers].flatMap((container) => {
    const own = statuses.find(({ name }) => name === container.name);
    return own?.state?.running === undefined ? [] : [{ container, status: own }];
  });
}

function usageOf(
  pod: Pod,
  container: Container,
  running: readonly RunningContainer[],
  resource: LoadResource,
  context: UsageContext,
): number {
  const load = declaredLoad(pod, container, resource);
  const used =
    load === undefined
      ? defaultUsage(container, resource)
      : loadAt(load.profile, momentOf(pod, context)) *
        (load.of === "container" ? 1 : shareOf(container, running, resource));
  const limit = amount(container.resources?.limits?.[resource]);
  // CPU is throttled at its limit; what goes over a limit of memory does not live to be measured.
  return limit === undefined ? used : Math.min(used, limit);
}

/** `cpu.NAME` is of one container, `cpu` of the whole pod. */
export function declaredLoad(
  pod: Pod,
  { name }: Pick<Container, "name">,
  resource: LoadResource,
): { readonly profile: LoadProfile; readonly of: "container" | "pod" } | undefined {
  const own = readLoad(pod, `${resource}.${name}`);
  if (own !== undefined) return { profile: own, of: "container" };
  const whole = readLoad(pod, resource);
  return whole && { profile: whole, of: "pod" };
}

function readLoad(pod: Pod, annotation: string): LoadProfile | undefined {
  const text = annotationOf(pod, annotation);
  return text === undefined ? undefined : parsedLoad(text);
}

/** Profiles are few and asked for again and again. */
const parsed = new Map<string, LoadProfile | undefined>();
const PARSED_MAX = 1_000;

function parsedLoad(text: string): LoadProfile | undefined {
  if (parsed.has(text)) return parsed.get(text);
  if (parsed.size >= PARSED_MAX) parsed.clear();
  const load = parseLoad(text);
  parsed.set(text, load);
  return load;
}

function momentOf(pod: Pod, { instant, seed, replicasOf }: UsageContext) {
  const owner = controllerUid(pod);
  return {
    instant,
    since: loadStart(pod),
    replicas: owner === undefined ? 1 : replicasOf(owner),
    seed: `${seed}/${pod.metadata.uid}`,
  };
}

/** When steps that end begin: as the annotation says, else when the pod started. */
export function loadStart(pod: Pod): InstantMs {
  const declared = Date.parse(annotationOf(pod, "load-start") ?? "");
  return Number.isNaN(declared) ? Date.parse(pod.status?.startTime ?? "") || 0 : declared;
}

/** A container's part of what is declared for the pod: by requests, or evenly when none has any. */
export function shareOf(
  container: Container,
  running: readonly RunningContainer[],
  resource: LoadResource,
): number {
  const requests = running.map((one) => requestOf(one.container, resource) ?? 0);
  const total = requests.reduce((sum, request) => sum + request, 0);
  if (total === 0) return 1 / Math.max(1, running.length);
  return (requestOf(container, resource) ?? 0) / total;
}

function defaultUsage(container: Container, resource: LoadResource): number {
  const request = requestOf(container, resource);
  return request === undefined ? WITHOUT_REQUESTS[resource] : request * DEFAULT_FRACTION[resource];
}

function requestOf({ resources }: Container, resource: LoadResource): number | undefined {
  return amount(resources?.requests?.[resource] ?? resources?.limits?.[resource]);
}

export function amount(quantity: string | number | undefined): number | undefined {
  const parsedQuantity = quantity === undefined ? undefined : parseQuantity(quantity);
  return parsedQuantity && Number(parsedQuantity.nanos) / 1e9;
}
