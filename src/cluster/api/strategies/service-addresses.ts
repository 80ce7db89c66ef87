// Cluster IPs and IP families of services. Mirrors kubernetes pkg/registry/core/service/storage/alloc.go for a
// single-stack IPv4 cluster.

import { deepEqual } from "../../../core/index.ts";
import { invalidField } from "../field-error.ts";
import { internalError, invalid } from "../refusals.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { ApiContext } from "../api-context.ts";
import type { WriteContext } from "../strategy.ts";
import { textAt } from "../validation/fields.ts";
import { withFamilies } from "./service-families.ts";

type Scope = Readonly<Record<string, unknown>>;

/** One service being written; `before` is its spec so far. */
export interface ServiceScope {
  readonly service: KubernetesObject;
  readonly context: WriteContext;
  readonly before: Scope | undefined;
}

const ADDRESS_FIELDS = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] as const;

/** What a client leaves out on update stays as it was. */
export function keepClusterIp(spec: Scope, before: Scope): Scope {
  if (spec["type"] === "ExternalName" || before["type"] === "ExternalName") return spec;
  const kept: Record<string, unknown> = { ...spec };
  for (const field of ADDRESS_FIELDS) kept[field] ??= before[field];
  return kept;
}

export function withClusterIp(spec: Scope, scope: ServiceScope): Scope {
  if (spec["type"] === "ExternalName") return spec;
  const asked = askedAddress(spec);
  const held = scope.before?.["clusterIP"];
  if (asked !== "" && asked === held && hasSameFamilies(spec, scope.before)) return spec;
  const addressed =
    asked === "" ? spec : { ...spec, clusterIP: asked, clusterIPs: asList(spec, asked) };
  const known = withFamilies(addressed, scope.service);
  if (asked === "None" || (asked !== "" && asked === held)) return known;
  const address = allocate(asked, scope);
  return { ...known, clusterIP: address, clusterIPs: [address] };
}

function asList(spec: Scope, asked: string): readonly unknown[] {
  const list = Array.isArray(spec["clusterIPs"]) ? spec["clusterIPs"] : [];
  return list.length === 0 ? [asked] : list;
}

function hasSameFamilies(spec: Scope, before: Scope = {}): boolean {
  return ["ipFamilies", "ipFamilyPolicy", "clusterIPs"].every((field) =>
    deepEqual(spec[field], before[field]),
  );
}

function askedAddress(spec: Scope): string {
  const list = Array.isArray(spec["clusterIPs"]) ? spec["clusterIPs"] : [];
  return textAt(spec, "clusterIP") || (typeof list[0] === "string" ? list[0] : "");
}

function allocate(asked: string, { service, context, before }: ServiceScope): string {
  const { api, dryRun } = context;
  const { clusterIPs } = api.allocators;
  // An address that is set stays; validation says so with the server's words.
  const held = before?.["clusterIP"];
  if (typeof held === "string" && held !== "" && before?.["type"] !== "ExternalName") return asked;
  const address = asked === "" ? clusterIPs.next() : claim(service, asked, api);
  if (address === undefined) throw internalError("failed to allocate a serviceIP: range is full");
  if (dryRun) clusterIPs.release(address);
  return address;
}

function claim(service: KubernetesObject, address: string, { allocators }: ApiContext): string {
  const failed = `failed to allocate IP ${address}`;
  switch (allocators.clusterIPs.claim(address)) {
    case "claimed":
      return address;
    case "taken":
      throw refuse(service, [address], `${failed}: provided IP is already allocated`);
    case "out of range":
      throw refuse(
        service,
        [address],
        `${failed}: the provided IP (${address}) is not in the valid range. The range of valid IPs is ${allocators.clusterIPs.range}`,
      );
  }
}

export function claimClusterIp(spec: Scope, api: ApiContext): void {
  const address = textAt(spec, "clusterIP");
  if (address !== "" && address !== "None") api.allocators.clusterIPs.claim(address);
}

export function releaseClusterIp(before: Scope, after: Scope, api: ApiContext): void {
  const address = textAt(before, "clusterIP");
  if (address === "" || address === "None" || address === after["clusterIP"]) return;
  api.allocators.clusterIPs.release(address);
}

function refuse({ metadata }: KubernetesObject, value: unknown, detail: string): Error {
  const causes = [invalidField("spec.clusterIPs", value, detail)];
  return invalid({ group: "", kind: "Service" }, metadata.name, causes);
}
