// Keeps `status` of quotas: the first count, and what is given back. Admission charges what is added, as upstream; a full
// count every five minutes repairs what got lost. Mirrors pkg/controller/resourcequota/resource_quota_controller.go.

import {
  countedResources,
  informerOf,
  POD,
  quotaUsage,
  releases,
  RESOURCE_QUOTA,
} from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  DiscoveredResource,
  Informer,
  KubernetesObject,
  Pod,
  ResourceQuota,
} from "../../kubernetes/index.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { writeStatus } from "./write-status.ts";

const RESYNC_MS = 5 * 60_000;
/** An object may have been on its way while the others were counted. */
const RECOUNT_MS = 1000;

export function resourceQuotaController(context: ControllerContext): Controller {
  const { api, clock } = context;
  const quotas = informerOf(context, RESOURCE_QUOTA);
  const pods = informerOf(context, POD);
  /** Resources that some quota counts, by `resource` or `resource.group`. */
  const counted = new Map<string, Informer>();
  let enqueue = (_key: string): void => undefined;

  const enqueueNamespace = ({ metadata }: KubernetesObject): void => {
    for (const quota of quotas.list(metadata.namespace ?? "")) enqueue(objectKey(quota));
  };
  const follow = (name: string, resource: DiscoveredResource): void => {
    const informer = context.informer({ apiVersion: resource.apiVersion, kind: resource.kind });
    counted.set(name, informer);
    informer.onChange((current, old) => {
      if (old !== undefined && givesBack(name, current, old, clock.now())) enqueueNamespace(old);
    });
  };
  /** Watches what the quota counts, from the first quota that does. */
  const followCounted = async (quota: ResourceQuota): Promise<void> => {
    const unknown = countedResources(quota).filter((name) => !counted.has(name));
    if (unknown.length === 0) return;
    for (const resource of await api.discovery()) {
      const name = countName(resource);
      if (resource.namespaced && unknown.includes(name) && !counted.has(name)) {
        follow(name, resource);
      }
    }
  };

  return {
    name: "resourcequota-controller",
    setup(add) {
      enqueue = add;
      quotas.onChange((current, old) => {
        if (current !== undefined && current.spec !== old?.spec) add(objectKey(current));
      });
      pods.onChange((current, old) => {
        if (old !== undefined && givesBack("pods", current, old, clock.now())) {
          enqueueNamespace(old);
        }
      });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const quota = quotas.get(name, namespace);
      if (quota === undefined) return undefined;
      await followCounted(quota);
      const objectsOf = (resource: string): readonly KubernetesObject[] =>
        counted.get(resource)?.list(namespace ?? "") ?? [];
      const used = quotaUsage(quota, objectsOf, clock.now());
      const outcome = await writeStatus(context, quota, { hard: quota.spec.hard ?? {}, used });
      return { requeueAfterMs: outcome === "unchanged" ? RESYNC_MS : RECOUNT_MS };
    },
  };
}

/** Deletions, pods that have ended, services and claims that may use less now. */
function givesBack(
  resource: string,
  current: KubernetesObject | undefined,
  old: KubernetesObject,
  now: number,
): boolean {
  if (current === undefined) return true;
  if (resource === "pods") {
    const isResized = (current as Pod).spec.containers !== (old as Pod).spec.containers;
    return isResized || releases(current, old, now);
  }
  const isMeasured = resource === "services" || resource === "persistentvolumeclaims";
  return isMeasured && current["spec"] !== old["spec"];
}

function countName({ resource, apiVersion }: DiscoveredResource): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? resource : `${resource}.${apiVersion.slice(0, slash)}`;
}
