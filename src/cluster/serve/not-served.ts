// The two answers to requests this server has no handler for.

import { statusError } from "../../kubernetes/index.ts";

export function notServed(): Error {
  return statusError("NotFound", "the server could not find the requested resource", {});
}

export function methodNotAllowed(): Error {
  const message = "the server does not allow this method on the requested resource";
  return statusError("MethodNotAllowed", message, {});
}
