// The chain of admission plug-ins, in the order of the real server (pkg/kubeapiserver/options/plugins.go @v1.36): quotas are
// charged after everybody else has agreed. Plug-ins that are not the server's own act as webhooks do.
// Mirrors k8s.io/apiserver pkg/admission chain.go and reinvocation.go.

import type {
  AdmissionPlugin,
  AdmissionRequest,
  AdmissionSubject,
  KindFacts,
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

/** Those of the chain that a kind of request concerns, in order. */
interface Concerned {
  readonly mutating: readonly AdmissionPlugin[];
  readonly validating: readonly AdmissionPlugin[];
}

export function createAdmission(plugins: readonly AdmissionPlugin[] = []): Admission {
  let chain: readonly AdmissionPlugin[] = plugins.toSorted(byRank);
  let concernedBy = rememberConcerned(chain);
  const change = (next: readonly AdmissionPlugin[]): void => {
    chain = next;
    concernedBy = rememberConcerned(next);
  };
  return {
    add(plugin) {
      change([...chain, plugin].toSorted(byRank));
      return { remove: () => change(chain.filter((one) => one !== plugin)) };
    },
    async mutate(attributes) {
      const { mutating } = concernedBy(attributes);
      if (mutating.length === 0) return attributes.object;
      const first = await mutateOnce(mutating, attributes, false);
      if (!first.again) return first.object;
      const again = mutating.filter(runsAgain);
      return (await mutateOnce(again, { ...attributes, object: first.object }, true)).object;
    },
    async validate(attributes) {
      const { validating } = concernedBy(attributes);
      if (validating.length === 0) return;
      const request = { ...attributes, isReinvocation: false, reinvoke: () => undefined };
      for (const plugin of validating) {
        const answer = plugin.validate?.(request);
        if (answer !== undefined) await answer;
      }
    },
  };
}

/** Every write asks, and few plug-ins concern it: what they say of a kind of request is kept with the kind's facts. */
function rememberConcerned(
  chain: readonly AdmissionPlugin[],
): (subject: AdmissionSubject) => Concerned {
  const known = new WeakMap<KindFacts, Map<string, Concerned>>();
  return (subject) => {
    const { facts, operation, subresource } = subject;
    let ofKind = known.get(facts);
    if (ofKind === undefined) known.set(facts, (ofKind = new Map()));
    const request = subresource === "" ? operation : `${operation}/${subresource}`;
    let concerned = ofKind.get(request);
    if (concerned === undefined) ofKind.set(request, (concerned = findConcerned(chain, subject)));
    return concerned;
  };
}

function findConcerned(chain: readonly AdmissionPlugin[], subject: AdmissionSubject): Concerned {
  const concerned = chain.filter(({ handles }) => handles === undefined || handles(subject));
  return {
    mutating: concerned.filter(({ mutate }) => mutate !== undefined),
    validating: concerned.filter(({ validate }) => validate !== undefined),
  };
}

async function mutateOnce(
  plugins: readonly AdmissionPlugin[],
  attributes: AdmissionAttributes,
  isReinvocation: boolean,
): Promise<{ readonly object: KubernetesObject | undefined; readonly again: boolean }> {
  let again = false;
  const reinvoke = (): void => {
    again = true;
  };
  let { object } = attributes;
  // One statement for all of them: only the object changes on the way.
  const request: AdmissionRequest = {
    ...attributes,
    isReinvocation,
    reinvoke,
    get object() {
      return object;
    },
  };
  for (const plugin of plugins) {
    const answer = plugin.mutate?.(request);
    const mutated = answer instanceof Promise ? await answer : answer;
    if (mutated === undefined || mutated === object) continue;
    object = mutated;
    if (isForeign(plugin)) again = true;
  }
  return { object, again };
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
