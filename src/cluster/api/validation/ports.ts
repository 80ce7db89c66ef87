// Names and numbers of ports. Mirrors IsValidPortName and IsValidPortNum of apimachinery pkg/util/validation @v1.36.

import type { StatusCause } from "../../../kubernetes/index.ts";
import { invalidField } from "../field-error.ts";

export function validatePortNumber(field: string, port: number): readonly StatusCause[] {
  return port >= 1 && port <= 65_535
    ? []
    : [invalidField(field, port, "must be between 1 and 65535, inclusive")];
}

export function validatePortName(field: string, name: string): readonly StatusCause[] {
  return portNameFaults(name).map((fault) => invalidField(field, name, fault));
}

function portNameFaults(name: string): readonly string[] {
  const checks: readonly (readonly [isFine: boolean, fault: string])[] = [
    [name.length <= 15, "must be no more than 15 characters"],
    [
      /^[-a-z0-9]+$/.test(name),
      "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
    ],
    [/[a-z]/.test(name), "must contain at least one letter (a-z)"],
    [!name.includes("--"), "must not contain consecutive hyphens"],
    [!name.startsWith("-") && !name.endsWith("-"), "must not begin or end with a hyphen"],
  ];
  return checks.filter(([isFine]) => !isFine).map(([, fault]) => fault);
}
