// The chain of admission plug-ins, in the order of the real server (pkg/kubeapiserver/options/plugins.go @v1.36): quotas are
// charged after everybody else has agreed. Plug-ins that are not the server's own act as webhooks do.
// Mirrors k8s.io/apiserver pkg/admission chain.go and reinvocation.go.

import type { Soon } from "../../core/index.ts";
import type {
  AdmissionPlugin,
  AdmissionRequest,
  AdmissionSubject,
  KindFacts,
  KubernetesObject,
} from "../../kubernetes/index.ts";

/** A request as its handler states it; the chain adds what concerns the chain alone. */
export type AdmissionAttributes = Omit<AdmissionRequest, "object" | "isReinvocation" | "reinvoke">;

export interface Admission {
  /** Takes the place its name has; `remove` takes it out again. */
  add(plugin: AdmissionPlugin): { remove(): void };
  /** The object to go on with, at once or by a promise when there are plug-ins to ask. */
  mutate(
    attributes: AdmissionAttributes,
    object: KubernetesObject | undefined,
  ): Soon<KubernetesObject | undefined>;
  /** `object`: what is going to be stored. */
  validate(attributes: AdmissionAttributes, object: KubernetesObject | undefined): Soon<void>;
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
    mutate(attributes, object) {
      const { mutating } = concernedBy(attributes);
      if (mutating.length === 0) return object;
      return mutateAll(mutating, new ChainedRequest(attributes, object));
    },
    validate(attributes, object) {
      const { validating } = concernedBy(attributes);
      if (validating.length === 0) return undefined;
      return validateFrom(validating, 0, new ChainedRequest(attributes, object));
    },
  };
}

/** One statement for all plug-ins: only the object changes on the way. */
class ChainedRequest implements AdmissionRequest {
  readonly operation: AdmissionRequest["operation"];
  readonly facts: KindFacts;
  readonly kind: AdmissionRequest["kind"];
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly user: AdmissionRequest["user"];
  readonly dryRun: boolean;
  readonly options: AdmissionRequest["options"];
  readonly oldObject: KubernetesObject | undefined;
  readonly live: AdmissionRequest["live"];
  readonly warn: AdmissionRequest["warn"];
  readonly annotate: AdmissionRequest["annotate"];
  object: KubernetesObject | undefined;
  isReinvocation = false;
  isAskedAgain = false;

  constructor(from: AdmissionAttributes, object: KubernetesObject | undefined) {
    this.operation = from.operation;
    this.facts = from.facts;
    this.kind = from.kind;
    this.subresource = from.subresource;
    this.namespace = from.namespace;
    this.name = from.name;
    this.user = from.user;
    this.dryRun = from.dryRun;
    this.options = from.options;
    this.oldObject = from.oldObject;
    this.live = from.live;
    this.warn = from.warn;
    this.annotate = from.annotate;
    this.object = object;
  }

  readonly reinvoke = (): void => {
    this.isAskedAgain = true;
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

/** A promise only when a plug-in takes its time: every write goes through here. */
function mutateAll(
  plugins: readonly AdmissionPlugin[],
  request: ChainedRequest,
): Soon<KubernetesObject | undefined> {
  const waiting = mutateFrom(plugins, 0, request);
  if (waiting !== undefined) return waiting.then(() => mutateAgain(plugins, request));
  return request.isAskedAgain ? mutateAgain(plugins, request) : request.object;
}

async function mutateAgain(
  plugins: readonly AdmissionPlugin[],
  request: ChainedRequest,
): Promise<KubernetesObject | undefined> {
  if (!request.isAskedAgain) return request.object;
  request.isReinvocation = true;
  await mutateFrom(plugins.filter(runsAgain), 0, request);
  return request.object;
}

function mutateFrom(
  plugins: readonly AdmissionPlugin[],
  first: number,
  request: ChainedRequest,
): Promise<void> | undefined {
  for (let index = first; index < plugins.length; index += 1) {
    const plugin = plugins[index];
    const answer = plugin?.mutate?.(request);
    if (plugin === undefined || answer === undefined) continue;
    if (answer instanceof Promise) {
      return answer.then((mutated) => {
        take(plugin, mutated, request);
        return mutateFrom(plugins, index + 1, request);
      });
    }
    take(plugin, answer, request);
  }
  return undefined;
}

function take(
  plugin: AdmissionPlugin,
  mutated: KubernetesObject | undefined,
  request: ChainedRequest,
): void {
  if (mutated === undefined || mutated === request.object) return;
  request.object = mutated;
  if (isForeign(plugin)) request.isAskedAgain = true;
}

function validateFrom(
  plugins: readonly AdmissionPlugin[],
  first: number,
  request: AdmissionRequest,
): Promise<void> | undefined {
  for (let index = first; index < plugins.length; index += 1) {
    const answer = plugins[index]?.validate?.(request);
    if (answer !== undefined) return answer.then(() => validateFrom(plugins, index + 1, request));
  }
  return undefined;
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
