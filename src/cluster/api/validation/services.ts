// Essential validation of services. Mirrors kubernetes pkg/apis/core/validation/validation.go ValidateService.

import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { duplicateField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { numberAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { nameFaults } from "./names.ts";

type Scope = Readonly<Record<string, unknown>>;

const TYPES: readonly string[] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const PROTOCOLS: readonly string[] = ["SCTP", "TCP", "UDP"];

export function validateService(service: KubernetesObject): readonly StatusCause[] {
  const spec = recordAt(service, "spec");
  const type = textAt(spec, "type");
  const ports = recordsAt(spec, "ports");
  const causes: StatusCause[] = [];
  if (ports.length === 0 && type !== "ExternalName" && spec["clusterIP"] !== "None") {
    causes.push(requiredField("spec.ports"));
  }
  if (type === "ExternalName" && textAt(spec, "externalName") === "") {
    causes.push(requiredField("spec.externalName"));
  }
  const names = new Set<string>();
  ports.forEach((port, index) => {
    causes.push(...validatePort(`spec.ports[${index}]`, port, ports.length > 1, names));
  });
  if (!TYPES.includes(type)) causes.push(unsupportedField("spec.type", type, TYPES));
  return [...causes, ...duplicatePorts(ports)];
}

/** An address that is set stays, as long as the type has one at all. */
export function validateServiceUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  const spec = recordAt(next, "spec");
  const before = recordAt(old, "spec");
  const held = textAt(before, "clusterIP");
  const isFree =
    held === "" || spec["type"] === "ExternalName" || before["type"] === "ExternalName";
  if (isFree || spec["clusterIP"] === held) return [];
  return [invalidField("spec.clusterIPs[0]", spec["clusterIPs"], "may not change once set")];
}

function validatePort(
  field: string,
  port: Scope,
  needsName: boolean,
  names: Set<string>,
): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  const name = textAt(port, "name");
  if (name === "" && needsName) causes.push(requiredField(`${field}.name`));
  if (name !== "") {
    causes.push(
      ...nameFaults(name, "label").map((fault) => invalidField(`${field}.name`, name, fault)),
    );
    if (names.has(name)) causes.push(duplicateField(`${field}.name`, name));
    names.add(name);
  }
  const number = numberAt(port, "port") ?? 0;
  if (number < 1 || number > 65_535) {
    causes.push(invalidField(`${field}.port`, number, "must be between 1 and 65535, inclusive"));
  }
  const protocol = textAt(port, "protocol");
  if (!PROTOCOLS.includes(protocol))
    causes.push(unsupportedField(`${field}.protocol`, protocol, PROTOCOLS));
  const target = port["targetPort"];
  if (typeof target === "number" && (target < 1 || target > 65_535)) {
    causes.push(
      invalidField(`${field}.targetPort`, target, "must be between 1 and 65535, inclusive"),
    );
  }
  return causes;
}

function duplicatePorts(ports: readonly Scope[]): readonly StatusCause[] {
  const seen = new Set<string>();
  const causes: StatusCause[] = [];
  ports.forEach((port, index) => {
    const key = `${textAt(port, "protocol")}/${numberAt(port, "port")}`;
    if (seen.has(key)) {
      causes.push(
        duplicateField(`spec.ports[${index}]`, { protocol: port["protocol"], port: port["port"] }),
      );
    }
    seen.add(key);
  });
  return causes;
}
