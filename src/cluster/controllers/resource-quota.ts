// Keeps `status.used` of quotas. Mirrors pkg/controller/resourcequota/resource_quota_controller.go; every change of
// a counted object in a namespace with quotas leads to one recount.

import { informerOf, isTerminal, POD } from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  DiscoveredResource,
  KubernetesObject,
} from "../../kubernetes/index.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { RESOURCE_QUOTA } from "./policy-kinds.ts";
import type { ResourceQuota } from "./policy-kinds.ts";
import { quotaUsage } from "./quota-usage.ts";
import { SERVICE } from "./service-kinds.ts";
import { PERSISTENT_VOLUME_CLAIM } from "./storage-kinds.ts";
import { writeStatus } from "./write-status.ts";

export function resourceQuotaController(context: ControllerContext): Controller {
  const { api } = context;
  const quotas = informerOf(context, RESOURCE_QUOTA);
  const pods = informerOf(context, POD);
  const services = informerOf(context, SERVICE);
  const claims = informerOf(context, PERSISTENT_VOLUME_CLAIM);
  /** Kinds that some quota counts, by `resource` or `resource.group`. */
  const counted = new Map<string, DiscoveredResource>();
  let enqueue = (_key: string): void => undefined;

  const enqueueNamespace = (object: KubernetesObject | undefined): void => {
    for (const quota of quotas.list(object?.metadata.namespace ?? "")) enqueue(objectKey(quota));
  };
  /** Watches the kinds that `count/…` asks for, from the first quota that does. */
  const watchCounted = async ({ spec }: ResourceQuota): Promise<void> => {
    const names = Object.keys(spec.hard ?? {}).map((resource) => resource.replace(/^count\//, ""));
    const unknown = names.filter((name) => !counted.has(name));
    if (unknown.length === 0) return;
    for (const resource of await api.discovery()) {
      const name = countName(resource);
      if (!unknown.includes(name) || counted.has(name) || !resource.namespaced) continue;
      counted.set(name, resource);
      const informer = context.informer({ apiVersion: resource.apiVersion, kind: resource.kind });
      informer.onChange((current, old) => {
        if (current === undefined || old === undefined) enqueueNamespace(current ?? old);
      });
    }
  };
  const countOf = (namespace: string | undefined, name: string): number => {
    const resource = counted.get(name);
    if (resource === undefined) return 0;
    const { apiVersion, kind } = resource;
    return context.informer({ apiVersion, kind }).list(namespace ?? "").length;
  };

  return {
    name: "resourcequota-controller",
    setup(add) {
      enqueue = add;
      quotas.onChange((current) => current && add(objectKey(current)));
      pods.onChange((current, old) => {
        const same =
          current?.spec === old?.spec &&
          (current && isTerminal(current)) === (old && isTerminal(old));
        if (!same) enqueueNamespace(current ?? old);
      });
      for (const informer of [services, claims]) {
        informer.onChange(
          (current: KubernetesObject | undefined, old: KubernetesObject | undefined) => {
            if (current?.["spec"] !== old?.["spec"]) enqueueNamespace(current ?? old);
          },
        );
      }
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const quota = quotas.get(name, namespace);
      if (quota === undefined) return;
      await watchCounted(quota);
      const used = quotaUsage(quota, {
        pods: pods.list(namespace),
        services: services.list(namespace),
        claims: claims.list(namespace),
        count: (resource) => countOf(namespace, resource),
      });
      await writeStatus(context, quota, { hard: quota.spec.hard ?? {}, used });
    },
  };
}

function countName({ resource, apiVersion }: DiscoveredResource): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? resource : `${resource}.${apiVersion.slice(0, slash)}`;
}
