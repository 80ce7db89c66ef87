// Validation of Endpoints. Mirrors ValidateEndpoints, validateEndpointAddress and validateEndpointPort of kubernetes
// pkg/apis/core/validation/validation.go @v1.36. Slices are judged elsewhere.

import { validateChoice } from "./walk-fields.ts";
import { addressVersion, deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField } from "../field-error.ts";
import { plainCidr, validateAddress, validateEndpointAddress } from "./addresses.ts";
import { numberAt, recordsAt, textAt } from "./fields.ts";
import { validateName } from "./names.ts";
import { validatePortNumber } from "./ports.ts";
import { PROTOCOLS, validateAppProtocol } from "./service-ports.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

export function validateNewEndpoints(endpoints: KubernetesObject): Causes {
  return recordsAt(endpoints, "subsets").flatMap((subset, index) =>
    validateSubset(`subsets[${index}]`, subset),
  );
}

/** Subsets that stay as they are may be wrong: earlier versions stored such. */
export function validateEndpointsUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  return deepEqual(next["subsets"], old["subsets"]) ? [] : validateNewEndpoints(next);
}

function validateSubset(field: string, subset: Scope): Causes {
  const [ready, others] = [recordsAt(subset, "addresses"), recordsAt(subset, "notReadyAddresses")];
  const ports = recordsAt(subset, "ports");
  const none = "must specify `addresses` or `notReadyAddresses`";
  return [
    ...(ready.length === 0 && others.length === 0 ? [requiredField(field, none)] : []),
    ...ready.flatMap((one, index) => validateOne(`${field}.addresses[${index}]`, one)),
    ...others.flatMap((one, index) => validateOne(`${field}.notReadyAddresses[${index}]`, one)),
    ...ports.flatMap((port, index) =>
      validatePort(`${field}.ports[${index}]`, port, ports.length > 1),
    ),
  ];
}

function validateOne(field: string, address: Scope): Causes {
  const [ip, hostname] = [textAt(address, "ip"), textAt(address, "hostname")];
  const { nodeName } = address;
  const at = `${field}.ip`;
  return [
    ...validateAddress(at, ip),
    ...(hostname === "" ? [] : validateName(`${field}.hostname`, hostname, "label")),
    ...(typeof nodeName === "string"
      ? validateName(`${field}.nodeName`, nodeName, "subdomain")
      : []),
    ...(addressVersion(plainCidr(ip)) === undefined
      ? [invalidField(at, ip, "must be a valid IP address")]
      : validateEndpointAddress(at, ip)),
  ];
}

function validatePort(field: string, port: Scope, needsName: boolean): Causes {
  const name = textAt(port, "name");
  const unnamed = needsName ? [requiredField(`${field}.name`)] : [];
  return [
    ...(name === "" ? unnamed : validateName(`${field}.name`, name, "label")),
    ...validatePortNumber(`${field}.port`, numberAt(port, "port") ?? 0),
    ...validateChoice(`${field}.protocol`, port["protocol"], PROTOCOLS),
    ...validateAppProtocol(`${field}.appProtocol`, port["appProtocol"]),
  ];
}
