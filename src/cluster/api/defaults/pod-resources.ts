// What a pod asks for as a whole when it says only part of it. Source: kubernetes v1.36.2 pkg/apis/core/v1/defaults.go
// (defaultHugePagePodLimits, defaultPodRequests).

import { formatQuantity, isRecord } from "../../../core/index.ts";
import { sumContainers } from "../container-sums.ts";
import { recordAt } from "../validation/fields.ts";

type Scope = Readonly<Record<string, unknown>>;

const SHARED = ["cpu", "memory"];

/** The same spec when it says nothing of the pod as a whole. */
export function withPodResources(spec: Scope): Scope {
  const { resources } = spec;
  if (!isRecord(resources)) return spec;
  const limits = withPages(spec, recordAt(resources, "limits"), recordAt(resources, "requests"));
  const requests = withSums(spec, limits, recordAt(resources, "requests"));
  if (limits === resources["limits"] && requests === resources["requests"]) return spec;
  return {
    ...spec,
    resources: {
      ...resources,
      ...(Object.keys(limits).length === 0 ? {} : { limits }),
      ...(Object.keys(requests).length === 0 ? {} : { requests }),
    },
  };
}

/** Huge pages of the containers limit the pod, unless it asks for some itself. */
function withPages(spec: Scope, limits: Scope, requests: Scope): Scope {
  if (Object.keys(limits).length + Object.keys(requests).length === 0) return limits;
  const sums = sumContainers(spec, (container) =>
    recordAt(recordAt(container, "resources"), "limits"),
  );
  const missing = [...sums].filter(
    ([name]) => isPages(name) && !(name in limits) && !(name in requests),
  );
  return missing.length === 0 ? limits : { ...limits, ...shown(missing) };
}

/** Requests are what the containers ask for, or, where they ask for nothing, the limit. */
function withSums(spec: Scope, limits: Scope, requests: Scope): Scope {
  if (Object.keys(limits).length === 0) return requests;
  const sums = sumContainers(spec, (container) => {
    const resources = recordAt(container, "resources");
    return { ...recordAt(resources, "limits"), ...recordAt(resources, "requests") };
  });
  const asked = [...sums].filter(([name]) => SHARED.includes(name));
  const limited = Object.entries(limits).filter(([name]) => SHARED.includes(name) || isPages(name));
  const all = { ...Object.fromEntries(limited), ...shown(asked), ...requests };
  return Object.keys(all).length === Object.keys(requests).length ? requests : all;
}

function shown(sums: readonly (readonly [string, Parameters<typeof formatQuantity>[0]])[]): Scope {
  return Object.fromEntries(sums.map(([name, amount]) => [name, formatQuantity(amount)]));
}

function isPages(name: string): boolean {
  return name.startsWith("hugepages-");
}
