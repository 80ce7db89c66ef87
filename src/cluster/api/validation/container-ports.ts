// Ports of containers, and those of the host they take. Mirrors validateContainerPorts, checkHostPortConflicts and
// validatePodHostNetworkDeps of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import { duplicateField, invalidField, requiredField } from "../field-error.ts";
import { numberAt, recordsAt, textAt } from "./fields.ts";
import { validatePortName, validatePortNumber } from "./ports.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { judgeEach, NO_CAUSES, validateChoice } from "./walk-fields.ts";

const PROTOCOLS = ["SCTP", "TCP", "UDP"];

export function validateContainerPorts(field: string, container: Scope): Causes {
  if (container["ports"] === undefined) return NO_CAUSES;
  const names = new Set<string>();
  return judgeEach(field, container, "ports", (at, port) => [
    ...nameFaults(`${at}.name`, textAt(port, "name"), names),
    ...numberFaults(at, port),
    ...validateChoice(`${at}.protocol`, port["protocol"], PROTOCOLS),
  ]);
}

function nameFaults(field: string, name: string, seen: Set<string>): Causes {
  if (name === "") return NO_CAUSES;
  const causes = validatePortName(field, name);
  if (causes.length > 0) return causes;
  if (seen.has(name)) return [duplicateField(field, name)];
  seen.add(name);
  return NO_CAUSES;
}

function numberFaults(field: string, port: Scope): Causes {
  const [number, host] = [numberAt(port, "containerPort") ?? 0, numberAt(port, "hostPort") ?? 0];
  return [
    ...(number === 0
      ? [requiredField(`${field}.containerPort`)]
      : validatePortNumber(`${field}.containerPort`, number)),
    ...(host === 0 ? NO_CAUSES : validatePortNumber(`${field}.hostPort`, host)),
  ];
}

/** No port of a host is taken twice. `field` is that of the list, and containers are counted within it. */
export function validateHostPorts(field: string, containers: readonly Scope[]): Causes {
  const taken = new Set<string>();
  return containers.flatMap((container, index) =>
    judgeEach(`${field}[${index}]`, container, "ports", (at, port) => {
      const number = numberAt(port, "hostPort") ?? 0;
      if (number === 0) return NO_CAUSES;
      const key = `${textAt(port, "protocol")}/${textAt(port, "hostIP")}/${number}`;
      if (taken.has(key)) return [duplicateField(`${at}.hostPort`, key)];
      taken.add(key);
      return NO_CAUSES;
    }),
  );
}

/** On the network of the host a port is that of the host; a template may leave it open. */
export function validateHostNetworkPorts(
  field: string,
  spec: Scope,
  owner: "pod" | "template",
): Causes {
  if (spec["hostNetwork"] !== true) return NO_CAUSES;
  const why = "must match `containerPort` when `hostNetwork` is true";
  return recordsAt(spec, "containers").flatMap((container, index) =>
    judgeEach(`${field}.containers[${index}]`, container, "ports", (at, port) => {
      const host = numberAt(port, "hostPort") ?? 0;
      const isOpen = owner === "template" && host === 0;
      if (isOpen || host === (numberAt(port, "containerPort") ?? 0)) return NO_CAUSES;
      return [invalidField(`${at}.hostPort`, host, why)];
    }),
  );
}
