// How a command ended, as its client is told on the error channel: a Status since version 4 of the protocol, words before.
// Mirrors the kubelet's pkg/kubelet/cri/streaming/remotecommand (exec.go, httpstream.go).

import { StatusError } from "../../../kubernetes/index.ts";

/** A metav1.Status whose reason is one that no HTTP answer has. */
export interface CommandStatus {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: "Success" | "Failure";
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes: readonly Readonly<Record<string, string>>[] };
  readonly code?: number;
}

const KIND = { kind: "Status", apiVersion: "v1", metadata: {} } as const;

export const SUCCEEDED: CommandStatus = { ...KIND, status: "Success" };

export function exitStatus(code: number): CommandStatus {
  if (code === 0) return SUCCEEDED;
  return {
    ...KIND,
    status: "Failure",
    reason: "NonZeroExitCode",
    message: `command terminated with non-zero exit code: exit status ${code}`,
    details: { causes: [{ reason: "ExitCode", message: String(code) }] },
  };
}

export function failedStatus(error: unknown): CommandStatus {
  const why = error instanceof Error ? error.message : String(error);
  const message = error instanceof StatusError ? why : `Internal error occurred: ${why}`;
  const details = { causes: [{ message: why }] };
  return { ...KIND, status: "Failure", reason: "InternalError", message, details, code: 500 };
}

/** The error channel's text; before version 4 a success says nothing. */
export function statusText(status: CommandStatus, isStructured: boolean): string {
  if (isStructured) return JSON.stringify(status);
  return status.status === "Success" ? "" : (status.message ?? "");
}
