// What is done to a container to learn how it is, or to tell it something. Mirrors validateHandler of kubernetes
// pkg/apis/core/validation/validation.go @v1.36.

import { forbiddenField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { numberAt, textAt } from "./fields.ts";
import { validatePortName, validatePortNumber } from "./ports.ts";
import type { Causes, Judge, Scope } from "./walk-fields.ts";
import { judgeEach, NO_CAUSES } from "./walk-fields.ts";

const SCHEMES = ["HTTP", "HTTPS"];
const HEADER = /^[-A-Za-z0-9]+$/;
const HEADER_TEXT =
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation " +
  "is '[-A-Za-z0-9]+')";

export type HandlerType = "exec" | "httpGet" | "tcpSocket" | "grpc" | "sleep";

export const PROBE_HANDLERS: readonly HandlerType[] = ["exec", "httpGet", "tcpSocket", "grpc"];
export const LIFECYCLE_HANDLERS: readonly HandlerType[] = ["exec", "httpGet", "tcpSocket", "sleep"];

const JUDGES: Readonly<Record<Exclude<HandlerType, "sleep">, Judge>> = {
  exec: (field, { command }) =>
    Array.isArray(command) && command.length > 0 ? NO_CAUSES : [requiredField(`${field}.command`)],
  httpGet: validateRequest,
  tcpSocket: (field, { port }) => validatePort(`${field}.port`, port),
  grpc: (field, { port }) => validatePort(`${field}.port`, port),
};

export interface HandlerRules {
  readonly types: readonly HandlerType[];
  /** Seconds that the pod has to end; undefined when it does not say. */
  readonly grace: number | undefined;
}

/** One handler of one type. */
export function validateHandler(
  field: string,
  handler: Scope,
  { types, grace }: HandlerRules,
): Causes {
  const present = types.filter((type) => handler[type] !== undefined);
  const [first, ...others] = present;
  if (first === undefined) return [requiredField(field, "must specify a handler type")];
  const at = `${field}.${first}`;
  // Decoding has established that a handler is a record.
  const part = handler[first] as Scope;
  return [
    ...(first === "sleep" ? sleepFaults(at, part, grace) : JUDGES[first](at, part)),
    ...others.map((type) =>
      forbiddenField(`${field}.${type}`, "may not specify more than 1 handler type"),
    ),
  ];
}

function sleepFaults(field: string, sleep: Scope, grace: number | undefined): Causes {
  const seconds = numberAt(sleep, "seconds") ?? 0;
  if (grace === undefined || (seconds >= 0 && seconds <= grace)) return NO_CAUSES;
  const why = `must be non-negative and less than terminationGracePeriodSeconds (${grace})`;
  return [invalidField(field, seconds, why)];
}

function validateRequest(field: string, request: Scope): Causes {
  const scheme = textAt(request, "scheme");
  return [
    ...(textAt(request, "path") === "" ? [requiredField(`${field}.path`)] : []),
    ...validatePort(`${field}.port`, request["port"]),
    ...(SCHEMES.includes(scheme) ? [] : [unsupportedField(`${field}.scheme`, scheme, SCHEMES)]),
    ...judgeEach(field, request, "httpHeaders", (_, header) => {
      const name = textAt(header, "name");
      return HEADER.test(name)
        ? NO_CAUSES
        : [invalidField(`${field}.httpHeaders`, name, HEADER_TEXT)];
    }),
  ];
}

/** By its number or by its name; one that is not there is the number 0. */
function validatePort(field: string, port: unknown): Causes {
  if (typeof port === "string") return validatePortName(field, port);
  return validatePortNumber(field, typeof port === "number" ? port : 0);
}
