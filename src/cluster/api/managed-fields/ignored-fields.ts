// What an endpoint ignores, so that writing it there owns nothing: status on the object itself, everything else on
// `/status`. Mirrors the GetResetFields of the strategies under kubernetes pkg/registry.

import { hasSubresource } from "../resource.ts";
import type { Resource } from "../resource.ts";
import { EMPTY_SET } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";

const STATUS: FieldSet = { "f:status": {} };

export function ignoredFields(resource: Resource, subresource: string): FieldSet {
  if (subresource === "" && hasSubresource(resource, "status")) return STATUS;
  if (subresource !== "status") return EMPTY_SET;
  return ignoredByStatus(resource);
}

const byResource = new WeakMap<Resource, FieldSet>();

function ignoredByStatus(resource: Resource): FieldSet {
  let ignored = byResource.get(resource);
  if (ignored === undefined) {
    const names = Object.keys(resource.facts.schema.properties ?? {});
    const others = names.filter(
      (name) => !["status", "metadata", "apiVersion", "kind"].includes(name),
    );
    ignored = Object.fromEntries(others.map((name) => [`f:${name}`, {}]));
    byResource.set(resource, ignored);
  }
  return ignored;
}
