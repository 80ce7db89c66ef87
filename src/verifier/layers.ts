// Defence in depth: five layers, each judged by what was really emitted, not by what was chosen.

import { isProvided } from "../model/index.ts";
import type { Workload } from "../model/index.ts";
import type { TargetView } from "./target-view.ts";

export interface Layer {
  readonly name: string;
  /** Where it is missing; empty when it stands everywhere. */
  readonly gaps: readonly string[];
  readonly evidence: string;
  readonly hint: string;
}

export function layersOf(view: TargetView): Layer[] {
  return [network(view), access(view), secrets(view), containers(view), resources(view)];
}

/** Everything but what belongs to the distribution. */
function ownNamespaces({ cluster }: TargetView): string[] {
  return cluster.namespaces.filter(({ tenancy }) => tenancy !== "system").map(({ name }) => name);
}

function without(view: TargetView, kind: string, isOne: (spec: unknown) => boolean): string[] {
  const covered = new Set(
    view
      .ofKind(kind)
      .filter(({ object }) => isOne(object["spec"]))
      .map(({ object }) => object.metadata.namespace),
  );
  return ownNamespaces(view).filter((name) => !covered.has(name));
}

function network(view: TargetView): Layer {
  const open = without(view, "NetworkPolicy", isDefaultDeny);
  const enforced = isProvided(view.cluster, "networkPolicy");
  return {
    name: "network security",
    gaps: enforced ? open : ["the cluster, which enforces no policy"],
    evidence: `${ownNamespaces(view).length - open.length} namespaces deny by default both ways`,
    hint: "leave isolation as it is, and choose a network that enforces policies",
  };
}

function isDefaultDeny(value: unknown): boolean {
  const { podSelector, policyTypes, ingress, egress } = value as {
    readonly podSelector?: object;
    readonly policyTypes?: readonly string[];
    readonly ingress?: unknown;
    readonly egress?: unknown;
  };
  return (
    Object.keys(podSelector ?? { none: true }).length === 0 &&
    ["Ingress", "Egress"].every((type) => policyTypes?.includes(type) === true) &&
    ingress === undefined &&
    egress === undefined
  );
}

function access(view: TargetView): Layer {
  const shared = view.graph.workloads.filter(({ serviceAccount }: Workload) =>
    ["", "default"].includes(serviceAccount),
  );
  const given = view.cluster.slots.some(({ slot }) => slot === "access");
  return {
    name: "identity and access",
    gaps: given ? shared.map(({ namespace, name }) => `${namespace}/${name}`) : ["people's rights"],
    evidence: `${view.graph.workloads.length - shared.length} workloads under accounts of their own, ${view.cluster.roles.length} roles of people`,
    hint: "leave access as it is, and give every workload an account of its own",
  };
}

function secrets({ cluster }: TargetView): Layer {
  const keys = new Set(cluster.slots.flatMap(({ slot, key }) => (slot === "secrets" ? [key] : [])));
  const unkept = cluster.secrets.filter(({ provider }) => !keys.has(provider));
  return {
    name: "secrets management",
    gaps: unkept.map(({ id }) => id),
    evidence: `${cluster.secrets.length - unkept.length} secrets with one keeper each`,
    hint: "add sealed: sealedSecrets() to secrets",
  };
}

function containers(view: TargetView): Layer {
  const { cluster } = view;
  const hardened = cluster.slots.some(({ slot }) => slot === "posture");
  const open = cluster.namespaces.filter(
    ({ tenancy, podSecurity, podSecurityReason }) =>
      tenancy !== "system" && podSecurity !== "restricted" && podSecurityReason === undefined,
  );
  const restricted = cluster.namespaces.filter(({ podSecurity }) => podSecurity === "restricted");
  return {
    name: "container security",
    gaps: hardened ? open.map(({ name }) => name) : ["every pod"],
    evidence: `${restricted.length} namespaces under Pod Security restricted`,
    hint: "leave posture as it is, and say why where a namespace needs more",
  };
}

function resources(view: TargetView): Layer {
  const anything = (): boolean => true;
  const unbounded = new Set([
    ...without(view, "ResourceQuota", anything),
    ...without(view, "LimitRange", anything),
  ]);
  return {
    name: "resource governance",
    gaps: [...unbounded].toSorted(),
    evidence: `${ownNamespaces(view).length - unbounded.size} namespaces with a quota and defaults`,
    hint: "leave tenancy as it is",
  };
}
