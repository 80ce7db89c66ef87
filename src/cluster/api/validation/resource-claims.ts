// Claims of a pod for devices, and which of them a container uses. Mirrors validatePodResourceClaims and
// validateResourceClaimNames of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import { duplicateField, invalidField, notFoundField, requiredField } from "../field-error.ts";
import { textAt } from "./fields.ts";
import { validateName } from "./names.ts";
import { printStruct } from "./print-struct.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { judgeEach, NO_CAUSES } from "./walk-fields.ts";

const CLAIM = { Name: "", ResourceClaimName: null, ResourceClaimTemplateName: null };
const SOURCES = ["resourceClaimName", "resourceClaimTemplateName"];

export function validatePodClaims(field: string, spec: Scope): Causes {
  if (spec["resourceClaims"] === undefined) return NO_CAUSES;
  const seen = new Set<string>();
  return judgeEach(field, spec, "resourceClaims", (at, claim) => [
    ...claimNameFaults(`${at}.name`, textAt(claim, "name"), seen),
    ...sourceFaults(at, claim),
    ...SOURCES.filter((name) => claim[name] !== undefined).flatMap((name) =>
      validateName(`${at}.${name}`, textAt(claim, name), "subdomain"),
    ),
  ]);
}

function claimNameFaults(field: string, name: string, seen: Set<string>): Causes {
  if (name === "") return [requiredField(field)];
  if (seen.has(name)) return [duplicateField(field, name)];
  seen.add(name);
  return validateName(field, name, "label");
}

function sourceFaults(field: string, claim: Scope): Causes {
  const count = SOURCES.filter((name) => claim[name] !== undefined).length;
  if (count === 1) return NO_CAUSES;
  const why =
    count === 0
      ? "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
      : "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified";
  return [invalidField(field, printStruct(CLAIM, claim), why)];
}

/** `field` is that of the list in `resources`; `known` are the names of the pod's claims. */
export function validateClaimNames(
  field: string,
  resources: Scope,
  known: ReadonlySet<string>,
): Causes {
  if (resources["claims"] === undefined) return NO_CAUSES;
  const owner = field.slice(0, field.lastIndexOf("."));
  const seen = new Set<string>();
  return judgeEach(owner, resources, "claims", (at, claim) => {
    const name = textAt(claim, "name");
    if (name === "") return [requiredField(at)];
    return [
      ...useFaults(at, name, textAt(claim, "request"), seen),
      ...(known.has(name) ? [] : [notFoundField(at, name, namesOf(known))]),
    ];
  });
}

/** A claim is used as a whole once, or each of its requests once. */
function useFaults(field: string, name: string, request: string, seen: Set<string>): Causes {
  if (seen.has(name)) return [duplicateField(field, name)];
  const key = request === "" ? name : `${name}/${request}`;
  const causes = [
    ...(request === "" ? [] : validateName(`${field}.request`, request, "label")),
    ...overlaps(key, name, seen).map((value) => duplicateField(field, value)),
  ];
  seen.add(key);
  return causes;
}

function overlaps(key: string, name: string, seen: ReadonlySet<string>): readonly string[] {
  if (seen.has(key)) return [key];
  if (key !== name) return [];
  return [...seen].filter((other) => other.startsWith(`${name}/`)).map(() => name);
}

function namesOf(known: ReadonlySet<string>): string {
  const text = "must be one of the names in pod.spec.resourceClaims";
  if (known.size === 0) return `${text} which is empty`;
  return `${text}: ${[...known].toSorted().join(", ")}`;
}
