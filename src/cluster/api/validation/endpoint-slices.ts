// Validation of EndpointSlices. Mirrors ValidateEndpointSlice of kubernetes pkg/apis/discovery/validation/validation.go
// @v1.36. Controllers write them whenever a pod comes or goes: what is the same as before is not looked at again, and
// sound endpoints cost no allocation.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import {
  duplicateField,
  invalidField,
  requiredField,
  tooManyField,
  unsupportedField,
} from "../field-error.ts";
import { isSoundEndpoint, validateEndpoint } from "./endpoints.ts";
import { recordsAt, textAt } from "./fields.ts";
import { qualifiedNameFaults } from "./labels.ts";
import { isLabel, validateName } from "./names.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const NO_CAUSES: Causes = [];
const ADDRESS_TYPES: readonly string[] = ["FQDN", "IPv4", "IPv6"];
const PROTOCOLS: readonly string[] = ["SCTP", "TCP", "UDP"];
const PORTS_MAX = 20_000;
const ENDPOINTS_MAX = 1000;
const FEW_PORTS_MAX = 16;

export function validateEndpointSlice(slice: KubernetesObject): Causes {
  if (isSound(slice)) return NO_CAUSES;
  const causes: StatusCause[] = [];
  addTypeCauses(causes, slice);
  addPortCauses(causes, slice);
  addEndpointCauses(causes, slice);
  return causes;
}

export function validateEndpointSliceUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const isSameType = next["addressType"] === old["addressType"];
  if (isSameType && isSound(next, old)) return NO_CAUSES;
  const causes: StatusCause[] = [];
  if (!isSameType) addTypeCauses(causes, next);
  addPortCauses(causes, next);
  addChangedEndpoints(causes, next, old);
  if (!isSameType) {
    causes.push(invalidField("addressType", next["addressType"], "field is immutable"));
  }
  return causes;
}

/** True only of slices without any fault, as controllers write them. What is that of `old` needs no look. */
function isSound(
  { addressType, ports, endpoints }: KubernetesObject,
  old?: KubernetesObject,
): boolean {
  return (
    addressType === "IPv4" &&
    (ports === old?.["ports"] || areSoundPorts(ports)) &&
    (endpoints === old?.["endpoints"] || areSoundEndpoints(endpoints))
  );
}

/** Compared each with each: there are few. */
function areSoundPorts(ports: unknown): boolean {
  if (!Array.isArray(ports)) return true;
  if (ports.length > FEW_PORTS_MAX) return false;
  for (let index = 0; index < ports.length; index += 1) {
    // Decoding has checked that they are records.
    const { name, protocol, appProtocol } = ports[index] as Scope;
    if (appProtocol !== undefined || typeof protocol !== "string") return false;
    if (!PROTOCOLS.includes(protocol) || (name !== "" && !isLabel(name))) return false;
    for (let other = 0; other < index; other += 1) {
      if ((ports[other] as Scope)["name"] === name) return false;
    }
  }
  return true;
}

function areSoundEndpoints(endpoints: unknown): boolean {
  if (!Array.isArray(endpoints)) return true;
  if (endpoints.length > ENDPOINTS_MAX) return false;
  for (const endpoint of endpoints) if (!isSoundEndpoint(endpoint as Scope)) return false;
  return true;
}

/** Endpoints that were there before are let through, whatever they are. */
function addChangedEndpoints(
  causes: StatusCause[],
  next: KubernetesObject,
  old: KubernetesObject,
): void {
  if (next["endpoints"] === old["endpoints"]) return;
  const before = causes.length;
  addEndpointCauses(causes, next);
  if (causes.length > before && deepEqual(next["endpoints"], old["endpoints"])) {
    causes.length = before;
  }
}

function addTypeCauses(causes: StatusCause[], slice: KubernetesObject): void {
  const type = textAt(slice, "addressType");
  if (ADDRESS_TYPES.includes(type)) return;
  causes.push(
    type === ""
      ? requiredField("addressType")
      : unsupportedField("addressType", type, ADDRESS_TYPES),
  );
}

function addPortCauses(causes: StatusCause[], slice: KubernetesObject): void {
  const { ports } = slice;
  if (!Array.isArray(ports)) return;
  if (ports.length > PORTS_MAX) {
    causes.push(tooManyField("ports", ports.length, PORTS_MAX));
    return;
  }
  const names: string[] = [];
  recordsAt(slice, "ports").forEach((port, index) => {
    causes.push(...portFaults(`ports[${index}]`, port, names));
  });
}

function portFaults(field: string, port: Scope, names: string[]): Causes {
  const name = textAt(port, "name");
  const protocol = textAt(port, "protocol");
  const app = port["appProtocol"];
  const isTwice = names.includes(name);
  if (!isTwice) names.push(name);
  return [
    ...(name === "" ? [] : validateName(`${field}.name`, name, "label")),
    ...(isTwice ? [duplicateField(`${field}.name`, name)] : []),
    ...(PROTOCOLS.includes(protocol)
      ? []
      : [unsupportedField(`${field}.protocol`, protocol, PROTOCOLS)]),
    ...(typeof app === "string"
      ? qualifiedNameFaults(app).map((fault) => invalidField(`${field}.appProtocol`, app, fault))
      : []),
  ];
}

function addEndpointCauses(causes: StatusCause[], slice: KubernetesObject): void {
  const { endpoints } = slice;
  if (!Array.isArray(endpoints)) return;
  if (endpoints.length > ENDPOINTS_MAX) {
    causes.push(tooManyField("endpoints", endpoints.length, ENDPOINTS_MAX));
    return;
  }
  for (let index = 0; index < endpoints.length; index += 1) {
    // Decoding has checked that they are records.
    const endpoint = endpoints[index] as Scope;
    causes.push(...validateEndpoint(`endpoints[${index}]`, endpoint, textAt(slice, "addressType")));
  }
}
