// The object a review is asked with and answered by: decoded like any other, and told who wrote which field.

import type { KubernetesObject } from "../../kubernetes/index.ts";
import { decodeObject } from "../api/decoding/decode-object.ts";
import { trackUpdate } from "../api/managed-fields/track.ts";
import { timestamp } from "../api/timestamp.ts";
import type { CreationRequest } from "./server-context.ts";

export type ReviewAnswer = Readonly<Record<string, unknown>>;

export function reviewHead({ resource }: CreationRequest): ReviewAnswer {
  return { kind: resource.facts.kind, apiVersion: resource.apiVersion };
}

/** Throws StatusError 400 when the body is no such review. */
export function decodeReview(request: CreationRequest): KubernetesObject {
  const { resource, body, caller } = request;
  return decodeObject(resource, body, { fieldValidation: "Warn", caller });
}

/** The review itself with its answer. */
export function answeredReview(request: CreationRequest, status: ReviewAnswer): ReviewAnswer {
  const { api, resource, caller } = request;
  const time = timestamp(api.clock);
  const options = { manager: caller.defaultManager, subresource: "", time };
  return { ...trackUpdate(resource, undefined, decodeReview(request), options), status };
}
