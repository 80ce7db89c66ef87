// Ports of Services. Mirrors validateServicePort, the searches for duplicates of validateService, and ValidatePortNumOrName of
// kubernetes pkg/apis/core/validation/validation.go @v1.36.

import { validateChoice } from "./walk-fields.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";
import { duplicateField, forbiddenField, invalidField, requiredField } from "../field-error.ts";
import { numberAt, recordsAt, textAt } from "./fields.ts";
import { qualifiedNameFaults } from "./labels.ts";
import { validateName } from "./names.ts";
import { validatePortName, validatePortNumber } from "./ports.ts";
import { isHeadless } from "./service-cluster-ips.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

export const PROTOCOLS = ["SCTP", "TCP", "UDP"];

/** Those that cannot do without have some. */
export function hasPorts(spec: Scope): boolean {
  return recordsAt(spec, "ports").length > 0 || isHeadless(spec) || spec["type"] === "ExternalName";
}

export function validateServicePorts(spec: Scope): Causes {
  const ports = recordsAt(spec, "ports");
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const field = `spec.ports[${index}]`;
    const name = textAt(port, "name");
    const isTwice = names.has(name);
    names.add(name);
    return [
      ...(name === "" && ports.length > 1 ? [requiredField(`${field}.name`)] : []),
      ...(name === "" ? [] : validateName(`${field}.name`, name, "label")),
      ...(name !== "" && isTwice ? [duplicateField(`${field}.name`, name)] : []),
      ...validatePortNumber(`${field}.port`, numberAt(port, "port") ?? 0),
      ...validateChoice(`${field}.protocol`, port["protocol"], PROTOCOLS),
      ...validatePortNumberOrName(`${field}.targetPort`, port["targetPort"]),
      ...validateAppProtocol(`${field}.appProtocol`, port["appProtocol"]),
    ];
  });
}

export function validatePortNumberOrName(field: string, port: unknown): Causes {
  if (typeof port === "string") return validatePortName(field, port);
  return validatePortNumber(field, typeof port === "number" ? port : 0);
}

/** Of Services and Endpoints alike. */
export function validateAppProtocol(field: string, protocol: unknown): Causes {
  if (typeof protocol !== "string") return [];
  return qualifiedNameFaults(protocol).map((fault) => invalidField(field, protocol, fault));
}

/** What only some types have, and numbers that are given twice. */
export function validatePortNumbers(spec: Scope): Causes {
  const ports = recordsAt(spec, "ports");
  const why = "may not be used when `type` is 'ClusterIP'";
  return [
    ...(spec["type"] === "ClusterIP"
      ? ports.flatMap((port, index) =>
          hasNodePort(port) ? [forbiddenField(`spec.ports[${index}].nodePort`, why)] : [],
        )
      : []),
    ...duplicates(ports, "nodePort").map((index) =>
      duplicateField(`spec.ports[${index}].nodePort`, ports[index]?.["nodePort"]),
    ),
    ...duplicates(ports, "port").map((index) =>
      duplicateField(`spec.ports[${index}]`, printKey(ports[index] ?? {})),
    ),
  ];
}

function hasNodePort(port: Scope): boolean {
  return (numberAt(port, "nodePort") ?? 0) !== 0;
}

/** Where a number of a protocol is not there for the first time. */
function duplicates(ports: readonly Scope[], field: "port" | "nodePort"): readonly number[] {
  const seen = new Set<string>();
  return [...ports.keys()].filter((index) => {
    const port = ports[index] ?? {};
    const number = numberAt(port, field) ?? 0;
    if (field === "nodePort" && number === 0) return false;
    const key = `${textAt(port, "protocol")}/${number}`;
    const isTwice = seen.has(key);
    seen.add(key);
    return isTwice;
  });
}

/** The Go struct ports are told apart by, with nothing else set. */
function printKey(port: Scope): Scope {
  return {
    Name: "",
    Protocol: textAt(port, "protocol"),
    AppProtocol: null,
    Port: numberAt(port, "port") ?? 0,
    TargetPort: 0,
    NodePort: 0,
  };
}
