// The one shape in which a Kubernetes API refuses. Mirrors apimachinery pkg/api/errors.

export type StatusReason =
  | "BadRequest"
  | "Unauthorized"
  | "Forbidden"
  | "NotFound"
  | "MethodNotAllowed"
  | "NotAcceptable"
  | "AlreadyExists"
  | "Conflict"
  | "Gone"
  | "Expired"
  | "RequestEntityTooLarge"
  | "UnsupportedMediaType"
  | "Invalid"
  | "TooManyRequests"
  | "InternalError"
  | "ServiceUnavailable"
  | "Timeout";

export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  /** `spec.ports[0].port`, as Kubernetes prints it. */
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  /** The *resource*, e.g. `configmaps`, as the real server answers. */
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: { readonly continue?: string; readonly resourceVersion?: string };
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: StatusReason;
  readonly details?: StatusDetails;
  /** HTTP status code. */
  readonly code: number;
}

const CODES: Readonly<Record<StatusReason, number>> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Gone: 410,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
};

/** Thrown by every KubeApi when the server refuses. Branch on `reason`, never on the message. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly status: Status;

  constructor(status: Status, options?: ErrorOptions) {
    super(status.message ?? status.reason ?? "unknown", options);
    this.status = status;
  }

  get reason(): StatusReason | undefined {
    return this.status.reason;
  }

  get code(): number {
    return this.status.code;
  }
}

export function failure(reason: StatusReason, message: string, details?: StatusDetails): Status {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    ...(details === undefined ? {} : { details }),
    code: CODES[reason],
  };
}

export function statusError(
  reason: StatusReason,
  message: string,
  details?: StatusDetails,
): StatusError {
  return new StatusError(failure(reason, message, details));
}

const has =
  (...reasons: readonly StatusReason[]) =>
  (error: unknown): error is StatusError =>
    error instanceof StatusError && error.reason !== undefined && reasons.includes(error.reason);

export const isNotFound = has("NotFound");
export const isAlreadyExists = has("AlreadyExists");
export const isConflict = has("Conflict");
export const isInvalid = has("Invalid");
export const isForbidden = has("Forbidden");
/** The history a list or watch asked for is gone. */
export const isGone = has("Gone", "Expired");

/** Undefined when somebody else was faster or has removed the object: whoever watches it sees their change, and may try anew. */
export async function unlessOvertaken<Written>(
  write: Promise<Written>,
): Promise<Written | undefined> {
  try {
    return await write;
  } catch (error) {
    if (isConflict(error) || isNotFound(error)) return undefined;
    throw error;
  }
}
