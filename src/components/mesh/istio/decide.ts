// What a sidecar or ztunnel does with a connection, by PeerAuthentications and AuthorizationPolicies. Mirrors
// istio/istio 1.30 pilot/pkg/security/authn (a workload's own before its namespace's before the root's) and
// pilot/pkg/security/authz (ALLOW: nothing selects means allowed, else one rule must match), as far as we emit fields.

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { MeshDecider, MeshRequest } from "../../../model/index.ts";
import { isSelected, recordsAt, textsAt } from "../objects.ts";
import { NAMESPACE } from "./surface.ts";

export function decideByIstio(objects: readonly KubernetesObject[]): MeshDecider {
  const peers = objects.filter(({ kind }) => kind === "PeerAuthentication");
  const policies = objects.filter(
    ({ kind, apiVersion }) =>
      kind === "AuthorizationPolicy" && apiVersion.startsWith("security.istio.io/"),
  );
  return (request) => {
    if (request.identity === undefined && modeFor(peers, request) === "STRICT")
      return { allowed: false, by: "transport", reason: "plain text on a port that takes none" };
    const applying = policies.filter((policy) => applies(policy, request));
    const allowed =
      applying.length === 0 ||
      applying.some(({ spec }) =>
        recordsAt(spec, "rules").some((rule) => ruleMatches(rule, request)),
      );
    return allowed
      ? { allowed: true }
      : { allowed: false, by: "policy", reason: "RBAC: access denied" };
  };
}

function applies({ metadata, spec }: KubernetesObject, { to }: MeshRequest): boolean {
  const inPlace = metadata.namespace === to.namespace || metadata.namespace === NAMESPACE;
  return inPlace && isSelected(recordAt(spec, "selector"), to.labels);
}

const recordAt = (value: unknown, key: string): unknown =>
  isRecord(value) ? value[key] : undefined;

function modeFor(peers: readonly KubernetesObject[], request: MeshRequest): string {
  const of = (matches: (peer: KubernetesObject) => boolean): KubernetesObject | undefined =>
    peers.filter((peer) => applies(peer, request)).find(matches);
  const selects = ({ spec }: KubernetesObject): boolean => recordAt(spec, "selector") !== undefined;
  const own = of(selects);
  const port = recordAt(recordAt(own?.["spec"], "portLevelMtls"), String(request.port));
  const inheriting = [
    own,
    of((peer) => !selects(peer) && peer.metadata.namespace === request.to.namespace),
    of((peer) => !selects(peer) && peer.metadata.namespace === NAMESPACE),
  ];
  const modes = [
    recordAt(port, "mode"),
    ...inheriting.map((peer) => recordAt(recordAt(peer?.["spec"], "mtls"), "mode")),
  ];
  return modes.find((mode): mode is string => typeof mode === "string") ?? "PERMISSIVE";
}

/** Absent lists match anything; HTTP fields never match a connection without HTTP. */
function ruleMatches(rule: Readonly<Record<string, unknown>>, request: MeshRequest): boolean {
  const sources = recordsAt(rule, "from").map((one) => recordAt(one, "source"));
  const operations = recordsAt(rule, "to").map((one) => recordAt(one, "operation"));
  return (
    (sources.length === 0 || sources.some((source) => isFrom(source, request))) &&
    (operations.length === 0 || operations.some((operation) => isTo(operation, request)))
  );
}

function isFrom(source: unknown, { identity }: MeshRequest): boolean {
  const name = identity && `cluster.local/ns/${identity.namespace}/sa/${identity.serviceAccount}`;
  const matches = (pattern: string): boolean =>
    name !== undefined && (pattern === "*" || pattern === name);
  const principals = textsAt(source, "principals");
  const others = textsAt(source, "notPrincipals");
  return (principals.length === 0 || principals.some(matches)) && !others.some(matches);
}

function isTo(operation: unknown, { port, http }: MeshRequest): boolean {
  const has = (key: string, value: string | undefined): boolean => {
    const listed = textsAt(operation, key);
    return listed.length === 0 || (value !== undefined && listed.includes(value));
  };
  return has("ports", String(port)) && has("methods", http?.method) && has("paths", http?.path);
}
