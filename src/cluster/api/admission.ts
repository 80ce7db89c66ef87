// The chain of admission plug-ins, in the order of the real server (pkg/kubeapiserver/options/plugins.go @v1.36): quotas are
// charged after everybody else has agreed. Plug-ins that are not the server's own act as webhooks do.
// Mirrors k8s.io/apiserver pkg/admission chain.go and reinvocation.go.

import type {
  AdmissionPlugin,
  AdmissionRequest,
  KubernetesObject,
} from "../../kubernetes/index.ts";

/** A request as its handler states it; the chain adds what concerns the chain alone. */
export type AdmissionAttributes = Omit<AdmissionRequest, "isReinvocation" | "reinvoke">;

export interface Admission {
  /** Takes the place its name has; `remove` takes it out again. */
  add(plugin: AdmissionPlugin): { remove(): void };
  mutate(attributes: AdmissionAttributes): Promise<KubernetesObject | undefined>;
  validate(attributes: AdmissionAttributes): Promise<void>;
}

const ORDER: readonly string[] = [
  "NamespaceLifecycle",
  "LimitRanger",
  "ServiceAccount",
  "NodeRestriction",
  "TaintNodesByCondition",
  "PodSecurity",
  "Priority",
  "DefaultTolerationSeconds",
  "ExtendedResourceToleration",
  "DefaultStorageClass",
  "StorageObjectInUseProtection",
  "PersistentVolumeClaimResize",
  "RuntimeClass",
  "CertificateApproval",
  "CertificateSigning",
  "ClusterTrustBundleAttest",
  "CertificateSubjectRestriction",
  "DefaultIngressClass",
  "DenyServiceExternalIPs",
  "PodTopologyLabels",
  "PodResizeValidator",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionWebhook",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionWebhook",
  "ResourceQuota",
];

export function createAdmission(plugins: readonly AdmissionPlugin[] = []): Admission {
  let chain: readonly AdmissionPlugin[] = plugins.toSorted(byRank);
  const mutateOnce = async (
    attributes: AdmissionAttributes,
    isReinvocation: boolean,
  ): Promise<{ readonly object: KubernetesObject | undefined; readonly again: boolean }> => {
    let again = false;
    const reinvoke = (): void => {
      again = true;
    };
    // Stated anew only after a plug-in has changed the object: most leave most objects alone.
    let request: AdmissionRequest = { ...attributes, isReinvocation, reinvoke };
    for (const plugin of chain) {
      if (plugin.mutate === undefined || (isReinvocation && !runsAgain(plugin))) continue;
      const answer = plugin.mutate(request);
      const mutated = answer instanceof Promise ? await answer : answer;
      if (mutated === undefined || mutated === request.object) continue;
      request = { ...request, object: mutated };
      if (isForeign(plugin)) again = true;
    }
    return { object: request.object, again };
  };
  return {
    add(plugin) {
      chain = [...chain, plugin].toSorted(byRank);
      return {
        remove: () => {
          chain = chain.filter((one) => one !== plugin);
        },
      };
    },
    async mutate(attributes) {
      const first = await mutateOnce(attributes, false);
      if (!first.again) return first.object;
      return (await mutateOnce({ ...attributes, object: first.object }, true)).object;
    },
    async validate(attributes) {
      const request = { ...attributes, isReinvocation: false, reinvoke: () => undefined };
      for (const plugin of chain) {
        const answer = plugin.validate?.(request);
        if (answer !== undefined) await answer;
      }
    },
  };
}

const RANKS: ReadonlyMap<string, number> = new Map(ORDER.map((name, rank) => [name, rank]));
const WEBHOOKS = ORDER.indexOf("MutatingAdmissionWebhook");

function byRank(a: AdmissionPlugin, b: AdmissionPlugin): number {
  return (RANKS.get(a.name) ?? WEBHOOKS) - (RANKS.get(b.name) ?? WEBHOOKS);
}

function isForeign({ name }: AdmissionPlugin): boolean {
  return !RANKS.has(name);
}

function runsAgain(plugin: AdmissionPlugin): boolean {
  return !isForeign(plugin) || plugin.reinvocation === "IfNeeded";
}
