// AdmissionReview: the question a webhook is asked, and how its answer is read. Mirrors apiserver
// pkg/admission/plugin/webhook/request/admissionreview.go and webhook/errors/statuserror.go.

import { isRecord } from "../../../core/index.ts";
import type { Expressions, Status } from "../../../kubernetes/index.ts";
import { StatusError } from "../../../kubernetes/index.ts";
import type { MatchedRequest } from "./policy-invocations.ts";

export interface ReviewAnswer {
  readonly allowed: boolean;
  readonly patch: readonly unknown[] | undefined;
  readonly result: unknown;
  readonly warnings: readonly string[];
  readonly annotations: Readonly<Record<string, unknown>>;
}

/** What is wrong with an answer; the call counts as failed then. */
export class ReviewError extends Error {
  override readonly name = "ReviewError";
}

export function reviewBody(
  { requestRecord }: Expressions,
  matched: MatchedRequest,
  uid: string,
  version: string,
): Readonly<Record<string, unknown>> {
  const { object, oldObject } = matched;
  return {
    kind: "AdmissionReview",
    apiVersion: `admission.k8s.io/${version}`,
    request: {
      uid,
      ...requestRecord(matched),
      object: object ?? null,
      oldObject: oldObject ?? null,
    },
  };
}

export function readReview(
  body: unknown,
  uid: string,
  version: string,
  mutates: boolean,
): ReviewAnswer {
  const response = isRecord(body) ? body["response"] : undefined;
  if (!isRecord(body) || !isRecord(response)) throw new ReviewError("webhook response was absent");
  if (version === "v1") checkIdentity(body, response, uid);
  const { patch, patchType, warnings, auditAnnotations } = response;
  const hasPatch = typeof patch === "string" && patch !== "";
  if (!mutates) {
    if (hasPatch) throw new ReviewError("validating webhook may not return response.patch");
    if (typeof patchType === "string") {
      throw new ReviewError("validating webhook may not return response.patchType");
    }
  } else if (version === "v1") {
    checkPatchType(hasPatch, patchType);
  }
  return {
    allowed: response["allowed"] === true,
    patch: hasPatch ? decodePatch(patch) : undefined,
    result: response["status"],
    warnings: Array.isArray(warnings) ? warnings.filter((text) => typeof text === "string") : [],
    annotations: isRecord(auditAnnotations) ? auditAnnotations : {},
  };
}

function checkIdentity(
  body: Readonly<Record<string, unknown>>,
  response: Readonly<Record<string, unknown>>,
  uid: string,
): void {
  const given = typeof response["uid"] === "string" ? response["uid"] : "";
  if (given !== uid) {
    throw new ReviewError(
      `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(given)}`,
    );
  }
  const { apiVersion, kind } = body;
  if (apiVersion === "admission.k8s.io/v1" && kind === "AdmissionReview") return;
  throw new ReviewError(
    `expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${textOf(apiVersion)}, Kind=${textOf(kind)}`,
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function checkPatchType(hasPatch: boolean, patchType: unknown): void {
  const hasType = typeof patchType === "string";
  if (hasPatch && !hasType) {
    throw new ReviewError("webhook returned response.patch but not response.patchType");
  }
  if (!hasPatch && hasType) {
    throw new ReviewError("webhook returned response.patchType but not response.patch");
  }
  if (hasType && patchType !== "JSONPatch") {
    throw new ReviewError(`unsupported patch type ${JSON.stringify(patchType)}`);
  }
}

function decodePatch(patch: string): readonly unknown[] {
  try {
    const bytes = Uint8Array.from(atob(patch), (letter) => letter.charCodeAt(0));
    const operations: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (Array.isArray(operations)) return operations;
  } catch {
    // Said below, whatever the reason.
  }
  throw new ReviewError("received undecodable patch in webhook response");
}

/** The refusal of a webhook, with the status it answered. */
export function rejection(webhook: string, result: unknown): StatusError {
  const given = isRecord(result) ? result : {};
  const text = (name: string): string => (typeof given[name] === "string" ? given[name] : "");
  const why = text("message") || text("reason");
  const denied = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const code = typeof given["code"] === "number" ? given["code"] : 0;
  // The members of a status are the webhook's own.
  return new StatusError({
    ...given,
    kind: "Status",
    apiVersion: "v1",
    metadata: isRecord(given["metadata"]) ? given["metadata"] : {},
    status: "Failure",
    message: why === "" ? `${denied} without explanation` : `${denied}: ${why}`,
    code: code < 400 ? 400 : code,
  } as Status);
}
